"""Organisations, volunteers, workers, facilities and areas: what comes in, what is refused, and the same file twice."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import organisations, people, places
from tests.registers.rounds.acting import commit, rows, seen, upload
from tests.registers.rounds.ugly import HERS, HIS, NUMBER, csv, one
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.roles import ROLES
from wushe.registers.areas.models import Area
from wushe.registers.areas.selectors import area_at
from wushe.registers.facilities.models import Facility
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.rounds.registry import REGISTERS
from wushe.registers.rounds.services import upload_round
from wushe.registers.volunteers.models import Team, Volunteer
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.usefixtures("laid")
USCC = "91350100M000100Y43"  # the example of GB 32100


@pytest.fixture
def district() -> Actor:
    return Actor(user_id=73, name="", role_code="district_manager", area_code=places.DISTRICT)


def twice(actor: Actor, register: str, content: bytes, count: int) -> None:
    """Import, and import again: the second time changes nothing."""
    first = upload(actor, content, register)
    assert (first.created, first.updated, first.unchanged) == (count, 0, 0), seen(first)
    commit(actor, first)
    again = upload(actor, content, register)
    assert (again.created, again.updated, again.unchanged) == (0, 0, count), seen(again)


def test_every_register_names_a_right_that_some_role_holds() -> None:
    for title, right, intake in REGISTERS.values():
        assert title
        assert any(right in role.permissions and "rounds:import" in role.permissions for role in ROLES.values()), right
        assert intake.__doc__


def test_every_sheet_agrees_with_itself(street: Actor) -> None:
    """No name means two columns, and each title is found as itself."""
    from wushe.registers.rounds.reading.headings import Headings, plain
    from wushe.registers.rounds.registry import intake_for

    for register in REGISTERS:
        sheet = intake_for(actor=street, at=places.NOON, register=register).sheet
        meant: dict[str, str] = {}
        for column in sheet.names():
            for name in column.names:
                assert meant.setdefault(plain(name), column.code) == column.code, (register, name)
        known = Headings(sheet.names())
        for column in sheet.columns:
            assert known.match(column.title) == known.match(f" *{column.title}（必填）")
            assert known.match(column.title).code == column.code  # type: ignore[union-attr]


def test_organisations(street: Actor) -> None:
    head = [
        "序号",
        "机构名称",
        "统一社会信用代码",
        "类型",
        "登记情况",
        "所在社区",
        "服务范围",
        "等级",
        "是否枢纽型",
        "成立时间",
        "服务内容",
    ]
    sheet = one(
        head,
        [1, "康乐居家养老中心", USCC.lower(), "民办非企业单位", "已登记", "翠屏路社区", "浓洄街道、厚街社区", "AAAA", "否", "2019年5月",
         "助浴、理发修甲"],
        [2, "翠屏路秧歌队", "", "社区社会组织", "备案", "翠屏路社区"],
    )  # fmt: skip
    twice(street, "organisations", sheet, 2)
    one_ = Organisation.objects.get(uscc=USCC)
    assert (one_.name, one_.kind, one_.standing, one_.grade) == (
        "康乐居家养老中心",
        "social_organisation",
        "registered",
        "4A",
    )
    assert one_.serves == [places.STREET, places.NEXT_COMMUNITY]
    assert one_.services == ["H102", "H103"]
    assert (one_.joined_on, one_.hub, one_.area_code) == (date(2019, 5, 1), False, places.COMMUNITY)
    kinds = JournalEntry.objects.filter(kind="organisation.register").count()
    assert kinds == 2
    changed = upload(street, one([*head[1:3], "等级"], ["康乐居家养老服务中心", USCC, "5A级"]), "organisations")
    assert changed.updated == 1
    commit(street, changed)
    assert list(Organisation.objects.filter(uscc=USCC).values_list("name", "grade")) == [("康乐居家养老服务中心", "5A")]


def test_organisations_that_are_refused(street: Actor) -> None:
    organisations.organisation("康乐居家养老服务中心", area_code=places.OTHER_COMMUNITY)
    Organisation.objects.update(uscc=USCC)
    head = ["名称", "信用代码", "类型", "登记情况", "所在区划", "服务区划"]
    round_ = upload(street, one(
        head, ["甲中心", USCC[:-1] + "1", "社会组织", "登记", "翠屏路社区"], ["乙中心", "", "社会组织", "登记", "翠屏路社区"],
        ["丙中心", "", "学校", "备案", "翠屏路社区"], ["丁中心", "", "社会组织", "备案", "翠屏路社区", "北辰街道"],
        ["康乐居家养老服务中心", USCC, "社会组织", "登记", "翠屏路社区"],
    ), "organisations")  # fmt: skip
    said = {number: faults for number, _, faults in seen(round_)}
    assert {number: list(faults) for number, faults in said.items()} == {
        2: ["uscc"], 3: ["uscc"], 4: ["kind"], 5: ["serves"], 6: ["uscc"],
    }  # fmt: skip
    assert "校验不对" in said[2]["uscc"]
    assert "别处登记" in said[6]["uscc"]


def test_volunteers(desk: Actor) -> None:
    Team.objects.create(name="翠屏路志愿服务队", kind="community", area_code=places.COMMUNITY)
    known = people.person("王桂芳", born_on=date(1944, 2, 11), number=NUMBER)
    head = ["志愿者编号", "姓名", "身份证号", "所属队伍", "注册时间", "手机号"]
    sheet = one(
        head,
        ["511602000001", "王桂芳", NUMBER, "翠屏路志愿服务队", "2024.3.5", ""],
        ["", "李建国", HIS, "", "", "139-0826-0007"],
    )
    twice(desk, "volunteers", sheet, 2)
    first, second = Volunteer.objects.order_by("registered_on")
    assert (first.number, first.person, first.registered_on) == ("511602000001", known, date(2024, 3, 5))
    assert first.team is not None
    assert second.person.name == "李建国"
    assert second.number == f"{places.DISTRICT}{second.person_id:010d}"
    assert Person.objects.count() == 2
    by_number = upload(desk, one(["编号", "姓名", "手机"], ["511602000001", "王桂芳", "13900000001"]), "volunteers")
    assert by_number.updated == 1
    commit(desk, by_number)
    known.refresh_from_db()
    assert known.phone.reveal() == "13900000001"


def test_volunteers_that_are_refused(desk: Actor) -> None:
    people.person("王桂芳", born_on=date(1944, 2, 11), number=NUMBER)
    round_ = upload(desk, one(
        ["编号", "姓名", "身份证号", "队伍"], [NUMBER, "王桂芳", NUMBER, ""], ["V1", "王桂芳", NUMBER, "没有的队"], ["V2", "陈新", "", ""],
        ["V3", "李建国", HIS, ""], ["V3", "张秀兰", HERS, ""],
    ), "volunteers")  # fmt: skip
    said = [(number, outcome, sorted(faults)) for number, outcome, faults in seen(round_)]
    assert said == [
        (2, "r", ["number"]), (3, "r", ["team"]), (4, "r", ["born_on", "sex"]), (5, "c", []), (6, "r", [""]),
    ]  # fmt: skip


def test_workers(street: Actor) -> None:
    employer = organisations.organisation("康乐居家养老服务中心")
    head = [
        "工号",
        "姓名",
        "身份证号",
        "岗位",
        "用工单位",
        "社区",
        "工作时间",
        "工作日",
        "交通工具",
        "资格证",
        "有效期至",
        "技能",
        "入职日期",
    ]
    sheet = one(head, [
        "K001", "张秀兰", HERS, "养老护理员", "康乐居家养老服务中心", "翠屏路社区", "上午8:30至下午5:30", "周一至周六", "电瓶车",
        "养老护理员三级", "2027年12月31日", "助浴", "2020.1.6",
    ])  # fmt: skip
    from wushe.registers.workforce.models import Skill

    skill = Skill.objects.filter(title="助浴").first() or Skill.objects.create(code="test_bath", title="助浴")
    twice(street, "workers", sheet, 1)
    worker = Worker.objects.get()
    assert (worker.kind, worker.organisation, worker.travel_mode) == ("paid_carer", employer, "ebike")
    assert (worker.shift_start, worker.shift_end, worker.weekdays) == (510, 1050, "123456")
    assert (worker.qualification, worker.qualification_until) == ("养老护理员三级", date(2027, 12, 31))
    assert (worker.base_longitude, worker.base_latitude) == places.CENTRE
    assert [held.skill for held in worker.skills.all()] == [skill]
    assert worker.person.id_number.reveal() == HERS
    moved = upload(street, one(["工号", "姓名", "班次"], ["K001", "张秀兰", "9:00-18:00"]), "workers")
    assert moved.updated == 1
    commit(street, moved)
    worker.refresh_from_db()
    assert (worker.shift_start, worker.shift_end) == (540, 1080)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("班次", "18:00-8:00", "hours"), ("班次", "上午", "hours"), ("工作日", "有空时", "weekdays"),
        ("用工单位", "康乐居家", "organisation"),
        ("岗位", "经理", "kind"), ("社区", "翠平社区", "place"), ("经度", 30.47, "longitude"), ("离职日期", "2019.1.1", "ends_on"),
    ],
)  # fmt: skip
def test_workers_that_are_refused(street: Actor, column: str, cell: Any, said: str) -> None:
    organisations.organisation("康乐居家养老服务中心")
    plain = {
        "工号": "K001",
        "姓名": "张秀兰",
        "身份证号": HERS,
        "岗位": "社工",
        "社区": "翠屏路社区",
        "入职日期": "2020.1.6",
    }
    filled = {**plain, column: cell}
    round_ = upload(street, one(list(filled), list(filled.values())), "workers")
    assert said in rows(round_)[0].faults
    assert round_.created == 0


def test_facilities(street: Actor) -> None:
    operator = organisations.organisation("康乐居家养老服务中心")
    head = ["场所名称", "类型", "所在社区", "运营单位", "服务功能", "床位数", "营业时间", "经度", "纬度"]
    sheet = one(
        head, ["翠屏路日照中心", "日间照料中心", "翠屏路社区", "康乐居家养老服务中心", "助餐、助浴", "约30张", "8:00-17:00"],
        ["厚街长者食堂", "长者食堂", "厚街社区", "", "", "", "", 106.6401, 30.4702],
    )  # fmt: skip
    twice(street, "facilities", sheet, 2)
    first = Facility.objects.get(name="翠屏路日照中心")
    assert (first.kind, first.operator, first.capacity, first.functions) == (
        "day_care",
        operator,
        30,
        ["meal", "bathing"],
    )
    assert (first.longitude, first.latitude) == places.CENTRE
    assert Facility.objects.get(name="厚街长者食堂").longitude == 106.6401
    refused = upload(
        street, one(["名称", "类型", "社区", "床位"], ["甲", "没有的类型", "翠屏路社区", "很多"]), "facilities"
    )
    assert sorted(rows(refused)[0].faults) == ["capacity", "kind", "name"]


PROVINCE = """code,name,provinceCode
52,贵州省,52
5201,贵阳市,52
520102,南明区,52
520102001,新华路街道办事处,52
520102001001,遵义路社区居委会,52
"""


def test_a_province_as_it_is_published() -> None:
    twice(SYSTEM, "areas", csv(PROVINCE, "utf-8"), 5)
    community = area_at(code="520102001001", on=places.TODAY)
    assert community is not None
    assert (community.name, community.short_name, community.level) == ("遵义路社区居委会", "遵义路", 12)
    renamed = json.dumps([{"code": "520102000000", "name": "南明新区"}]).encode()
    again = upload(SYSTEM, renamed, "areas")
    assert (again.updated, again.created) == (1, 0), seen(again)
    commit(SYSTEM, again)
    assert Area.objects.get(area_code="520102").name == "南明新区"


def test_estates_and_buildings_of_a_district(district: Actor) -> None:
    sheet = one(
        ["代码", "名称", "层级"], [f"{places.COMMUNITY}001001001", "1栋", "楼栋"], [f"{places.COMMUNITY}001", "幸福小区", "小区"],
        [f"{places.COMMUNITY}001001", "第一网格", "网格"],
    )  # fmt: skip
    twice(district, "areas", sheet, 3)
    desk = Actor(user_id=71, name="", role_code="community_worker", area_code=places.COMMUNITY)
    home = one(["姓名", "身份证号", "社区代码"], ["王桂芳", NUMBER, f"{places.COMMUNITY}001001001"])
    commit(desk, upload(desk, home))
    assert Person.objects.get().area_code == f"{places.COMMUNITY}001001001"


def test_areas_that_are_refused(district: Actor) -> None:
    Area.objects.filter(area_code=places.NEXT_COMMUNITY).update(valid_until=date(2025, 1, 1))
    round_ = upload(district, one(
        ["区划代码", "名称", "层级"], ["511602099001", "没有上级", ""], ["511603001", "别的区", ""], ["5116020", "七位", ""],
        [places.NEXT_COMMUNITY, "已停用", ""], ["511602009", "写错层级", "社区"], ["511602008", "新街道", "街道"],
        ["511602008", "重复", ""],
        [5.11602e17, "丢了", ""],
    ), "areas")  # fmt: skip
    said = [(number, outcome, sorted(faults)) for number, outcome, faults in seen(round_)]
    assert said == [
        (2, "r", ["code"]), (3, "r", ["code"]), (4, "r", ["code"]), (5, "r", ["code"]), (6, "r", ["level"]), (7, "c", []),
        (8, "r", [""]), (9, "r", ["code"]),
    ]  # fmt: skip


def test_a_large_file_asks_the_database_little(desk: Actor, django_assert_max_num_queries: Callable[..., Any]) -> None:
    def sheet(count: int) -> bytes:
        bodies = [[f"王桂{chr(0x4E00 + n)}", "女", "1950-01-01", f"幸福巷{n}号"] for n in range(count)]
        return one(["姓名", "性别", "出生日期", "住址"], *bodies)

    small, large = sheet(3), sheet(300)
    upload_round(
        actor=desk, at=places.NOON, register="residents", filename="a", blocks=lambda: [small], size=len(small)
    )
    with django_assert_max_num_queries(40):
        round_ = upload(desk, large)
    with django_assert_max_num_queries(60):
        commit(desk, round_)
    assert Person.objects.count() == 300


def test_divisions_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "villages.csv"
    file.write_text(PROVINCE + "521,坏代码,52\n", encoding="utf-8")
    call_command("import_divisions", str(file))
    assert "共6行：新增5，更新0，不变0，不能导入1" in capsys.readouterr().out
    assert not Area.objects.filter(area_code="52").exists()
    call_command("import_divisions", str(file), "--commit")
    assert "已导入：新增5" in capsys.readouterr().out
    assert Area.objects.filter(area_code__startswith="52").count() == 5
    with pytest.raises(CommandError, match="没有这个文件"):
        call_command("import_divisions", str(tmp_path / "none.csv"))
    (tmp_path / "page.csv").write_text("<html>")
    with pytest.raises(CommandError, match="网页格式"):
        call_command("import_divisions", str(tmp_path / "page.csv"))
