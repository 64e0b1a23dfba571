"""Councils and roles, posts, rooms and beds, hours, supervisors and consents from spreadsheets: in, again, refused, taken back."""

from datetime import date

import pytest

from tests.factories import organisations, people, places, registers
from tests.registers.rounds.acting import commit, seen, upload
from tests.registers.rounds.test_other_registers import twice
from tests.registers.rounds.ugly import one
from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.communities.models import Seat, Term
from wushe.registers.communities.services import vacate_seat
from wushe.registers.facilities.models import Room
from wushe.registers.facilities.services import update_room
from wushe.registers.people.models import Consent, Person, Relation
from wushe.registers.rounds.models import ImportRound
from wushe.registers.rounds.services import take_back_round
from wushe.registers.volunteers.models import Post, PostHolder, Volunteer
from wushe.registers.workforce.models import Learning, Worker

pytestmark = pytest.mark.usefixtures("laid")
CHILD, MOTHER = date(2015, 6, 1), date(1985, 2, 3)


@pytest.fixture
def centre() -> Actor:
    return Actor(user_id=72, name="陈社工", role_code="social_worker", area_code=places.STREET)


def refused(actor: Actor, register: str, *rows: list[object]) -> list[list[str]]:
    """Return the columns at fault of each row."""
    return [list(faults) for _, _, faults in seen(upload(actor, one(*rows), register))]


def taken_back(actor: Actor, round_: ImportRound) -> ImportRound:
    take_back_round(actor=actor, at=places.NOON, round_id=round_.pk)
    round_.refresh_from_db()
    return round_


def last() -> ImportRound:
    return ImportRound.objects.filter(state="committed").order_by("pk")[0]


def worker(number: str, person: Person, **more: object) -> Worker:
    return Worker.objects.create(**{
        "person": person, "kind": "social_worker", "number": number, "area_code": places.COMMUNITY, "starts_on": date(2020, 1, 1),
        "base_longitude": 106.6, "base_latitude": 30.4, **more,
    })  # fmt: skip


def test_seats_with_who_sits_there(centre: Actor) -> None:
    li, wang = people.person("李书记", telephone="13908260021"), people.person("王楼长", telephone="13908260022")
    organisations.organisation("翠屏小学")
    head = ["序号", "村/社区", "职务", "岗位", "现任人员", "联系电话", "工作单位", "任职时间"]
    sheet = one(
        head,
        [1, "翠屏路社区", "书记", "", "李书记", "139 0826 0021", "", "2022年3月"],
        [2, "翠屏路社区", "楼门长", "3号楼楼门长", "王楼长", "13908260022", "", "2023.5.1"],
        [3, "翠屏路社区", "兼职委员", "", "李书记", "13908260021", "翠屏小学", ""],
        [4, "翠屏路社区", "网格员", "第二网格网格员"],
    )  # fmt: skip
    twice(centre, "seats", sheet, 4)
    terms = Term.objects.order_by("pk").values_list("seat__kind", "person", "unit__name", "starts_on")
    assert list(terms) == [
        ("secretary", li.pk, None, date(2022, 3, 1)), ("building_head", wang.pk, None, date(2023, 5, 1)),
        ("part_time", li.pk, "翠屏小学", places.TODAY),
    ]  # fmt: skip
    assert Seat.objects.get(kind="grid_worker").title == "第二网格网格员"
    assert refused(
        centre, "seats", head,
        [1, "翠屏路社区", "书记", "", "王楼长", "13908260022"], [2, "翠屏路社区", "楼门长", "3号楼楼门长", "李书记", "13908260021"],
        [3, "翠屏路社区", "联络员", "", "王楼长", "13908260022"], [4, "翠屏路社区", "网格员", "", "赵无名"],
        [5, "翠屏路社区", "楼门长", "4号楼", "王楼长", "13908260022"],
        [6, "翠屏路社区", "局长"], [7, "无名社区", "网格员"],
    ) == [["kind"], ["name"], ["unit"], ["name"], ["name"], ["kind"], ["place"]]  # fmt: skip


def test_a_vacant_seat_is_filled_left_and_taken_back(centre: Actor) -> None:
    people.person("李书记", telephone="13908260021")
    seat = Seat.objects.create(kind="secretary", title="大党委书记", area_code=places.COMMUNITY, since=date(2020, 1, 1))
    head = ["社区", "角色", "姓名", "电话", "到任日期", "离任日期"]
    row = ["翠屏路社区", "大党委书记", "李书记", "13908260021", "2022-03-01"]
    filled = commit(centre, upload(centre, one(head, row), "seats"))
    assert (filled.created, filled.updated, Seat.objects.count()) == (0, 1, 1)
    left = commit(centre, upload(centre, one(head, [*row, "2026-01-31"]), "seats"))
    assert left.updated == 1
    assert Term.objects.get(seat=seat).ends_on == date(2026, 1, 31)
    again = upload(centre, one(head, [*row, "2026-01-31"]), "seats")
    assert (again.updated, again.unchanged) == (0, 1)
    assert taken_back(centre, left).taken_back == 1
    assert Term.objects.get(seat=seat).ends_on is None
    vacate_seat(actor=centre, at=places.NOON, seat_id=seat.pk, ends_on=date(2026, 2, 1))
    assert taken_back(centre, filled).stayed == [["communities.seat", seat.pk, "后来又改过"]]
    assert Term.objects.filter(seat=seat).count() == 1


def test_posts_with_who_holds_them(centre: Actor) -> None:
    registers.facility("翠屏路养老服务驿站")
    for number in ("V1", "V2"):
        Volunteer.objects.create(
            number=number,
            person=people.person(f"志愿{number}"),
            area_code=places.COMMUNITY,
            registered_on=date(2024, 1, 1),
        )
    head = ["志愿岗位", "服务社区", "需要人数", "服务地点", "值班日", "值班时间", "在岗志愿者", "开始时间"]
    row = ["驿站助餐", "翠屏路社区", "2名", "翠屏路养老服务驿站", "周一至周五", "11:00-13:00", "V1", "2026.1.5"]
    twice(centre, "posts", one(head, row), 1)
    post = Post.objects.get()
    assert (post.places, post.facility.name, post.weekdays, post.shift_start) == (2, "翠屏路养老服务驿站", "12345", 660)  # type: ignore[union-attr]
    more = commit(centre, upload(centre, one(head, [*row[:6], "V1、V2"]), "posts"))
    assert (more.updated, PostHolder.objects.count()) == (1, 2)
    assert refused(
        centre, "posts", head, [*row[:2], 1, *row[3:]], ["没有人数", "翠屏路社区"], ["编号不对", "翠屏路社区", 2, "", "", "", "V9"],
        ["没有设施", "翠屏路社区", 2, "火星驿站"],
    ) == [["places"], ["places"], ["holders"], ["facility"]]  # fmt: skip
    taken_back(centre, more)
    assert PostHolder.objects.count() == 1


def test_rooms_and_beds(centre: Actor) -> None:
    registers.facility("翠屏路养老服务驿站")
    head = ["机构", "房号", "房间类型", "护理类型", "床位数", "入住人数", "备注"]
    sheet = one(
        head,
        ["翠屏路养老服务驿站", 101, "居室", "半自理", "2张", "1人"],
        ["翠屏路养老服务驿站", "食堂", "老年食堂", "", "", "", "大"],
    )
    twice(centre, "rooms", sheet, 2)
    room = Room.objects.get(name="101")
    assert (room.use, room.care, room.beds, room.taken) == ("bedroom", "partial", 2, 1)
    told = JournalEntry.objects.get(kind="facility.room")
    assert (told.subject_kind, told.subject_id, room.pk in told.data["rooms"]) == ("facility", room.facility_id, True)
    full = commit(centre, upload(centre, one(head, ["翠屏路养老服务驿站", "101", "", "", "", "2人"]), "rooms"))
    assert (full.updated, Room.objects.get(name="101").taken) == (1, 2)
    assert refused(
        centre, "rooms", head, ["翠屏路养老服务驿站", "101", "", "", "", 3], ["火星驿站", "1", "居室"], ["翠屏路养老服务驿站", "9"],
        ["翠屏路养老服务驿站", "8", "居室", "", 1, 2],
    ) == [["taken"], ["facility"], ["use"], ["taken"]]  # fmt: skip
    assert taken_back(centre, full).taken_back == 1
    assert Room.objects.get(name="101").taken == 1
    update_room(actor=centre, at=places.NOON, room_id=room.pk, changes={"taken": 0})
    assert taken_back(centre, last()).stayed
    assert Room.objects.filter(pk=room.pk, taken=0).exists()


def test_hours_of_social_workers(centre: Actor) -> None:
    worker("S01", people.person("陈学员"), certificate_number="2023510001")
    head = ["证书编号", "学员姓名", "培训内容", "培训日期", "学时"]
    row = ["2023510001", "陈学员", "个案管理实务", "2026.3.5", "6小时"]
    twice(centre, "learning", one(head, row), 1)
    corrected = commit(centre, upload(centre, one(["工号", *head[1:]], ["S01", *row[1:4], 4]), "learning"))
    stands = Learning.objects.filter(struck_at=None)
    assert (corrected.updated, list(stands.values_list("kind", "minutes"))) == (1, [("education", 240)])
    assert refused(
        centre, "learning", head, ["9", "", "课", "2026-03-05", 2], [*row[:3], "2026-03-06", 13],
        ["2023510001", "别人", "课", "2026-03-07", 2],
        ["2023510001", "", "课", "2019-03-07", 2], ["", "陈学员", "课", "2026-03-08", 2],
    ) == [["certificate_number"], ["minutes"], ["name"], ["day"], ["number"]]  # fmt: skip
    taken_back(centre, corrected)
    assert stands.get().minutes == 360


def test_supervisors_of_a_file_that_brings_both(centre: Actor) -> None:
    people.person("甲督导", born_on=date(1980, 1, 1), number="")
    people.person("乙社工", born_on=date(1990, 1, 1), number="")
    head = ["工号", "姓名", "性别", "出生日期", "人员类别", "工作社区", "督导老师"]
    rows = [
        ["S2", "乙社工", "女", "1990-01-01", "社工", "翠屏路社区", "甲督导"],
        ["S1", "甲督导", "女", "1980-01-01", "社工", "翠屏路社区", ""],
    ]
    twice(centre, "workers", one(head, *rows), 2)
    boss = Worker.objects.get(number="S1")
    assert Worker.objects.get(number="S2").supervisor == boss
    assert refused(centre, "workers", head, ["S1", "甲督导", "女", "1980-01-01", "社工", "翠屏路社区", "S2"]) == [
        ["supervisor"]
    ]


def test_consents_and_who_may_give_them(centre: Actor) -> None:
    mother, child = (
        people.person("张妈妈", born_on=MOTHER, telephone="13908260031"),
        people.person("张小宝", born_on=CHILD),
    )
    Relation.objects.create(person=child, relative=mother, kind="guardian")
    head = ["姓名", "所属社区", "授权事项", "是否同意拍照", "监护人姓名", "监护人电话", "签字日期", "撤回日期"]
    sheet = one(
        head, ["张妈妈", "翠屏路社区", "建档", "是", "", "", "2026.4.1"],
        ["张小宝", "翠屏路社区", "建档、健康", "否", "张妈妈", "13908260031", "2026.4.1"],
    )  # fmt: skip
    twice(centre, "consents", sheet, 2)
    assert sorted(Consent.objects.filter(person=mother).values_list("purpose", flat=True)) == ["photo", "service"]
    assert {c.given_by_id for c in Consent.objects.filter(person=child)} == {mother.pk}
    assert Consent.objects.filter(person=child).count() == 2
    assert refused(
        centre, "consents", [*head[:7], "告知书版本"], ["张小宝", "翠屏路社区", "定位", "", "", "", "2026-04-02"],
        ["张妈妈", "翠屏路社区", "定位", "", "张小宝"], ["张妈妈", "翠屏路社区", "", "否"], ["无此人", "翠屏路社区", "定位"],
        ["张小宝", "翠屏路社区", "宣传", "", "张妈妈", "13908260031", "", "general-1"],
    )[:4] == [["giver_name"], ["giver_name"], ["purposes"], ["name"]]  # fmt: skip
    ended = commit(
        centre,
        upload(centre, one(head, ["张妈妈", "翠屏路社区", "建档", "", "", "", "2026.4.1", "2026.5.1"]), "consents"),
    )
    assert (ended.updated, Consent.objects.filter(person=mother, withdrawn_at=None).count()) == (1, 1)
    assert upload(centre, sheet, "consents").unchanged == 2, "yesterday's list gives nothing back that was withdrawn"
    taken_back(centre, ended)
    assert Consent.objects.filter(person=mother, withdrawn_at=None).count() == 2
