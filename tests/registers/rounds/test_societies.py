"""Communities, donors and resources from spreadsheets, and the further columns of organisations, facilities, people who serve."""

from datetime import date
from typing import Any

import pytest

from tests.factories import organisations, people, places
from tests.registers.rounds.acting import commit, rows, seen, upload
from tests.registers.rounds.test_other_registers import USCC, twice
from tests.registers.rounds.ugly import HERS, HIS, NUMBER, one
from wushe.chain.resources.models import Resource
from wushe.foundation.actor import Actor
from wushe.registers.communities.models import Community
from wushe.registers.desk.selectors import Where, narrowed
from wushe.registers.donors.models import Donor
from wushe.registers.donors.register import DONORS
from wushe.registers.facilities.models import Facility
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.register import ORGANISATIONS
from wushe.registers.rounds.services import take_back_round
from wushe.registers.volunteers.models import Team, Volunteer
from wushe.registers.workforce.models import Skill, Worker

pytestmark = pytest.mark.usefixtures("laid")


@pytest.fixture
def centre() -> Actor:
    """Return a social worker of the street with the rights of the resource desk."""
    return Actor(user_id=72, name="陈社工", role_code="social_worker", area_code=places.STREET)


def found(register: Any, actor: Actor, text: str) -> list[str]:
    return [one.name for one in narrowed(register, actor=actor, where=Where(text), on=places.TODAY)]


def test_communities_are_their_areas(centre: Actor) -> None:
    sheet = one(
        ["序号", "社区名称", "常住人口", "户数", "社区电话", "居委会地址", "大党委成立时间"],
        [1, "翠屏路社区居委会", "8,213人", "3102户", "0826-2333333", "翠屏路18号", "2021年6月"], [2, places.NEXT_COMMUNITY, 4100, 1500],
    )  # fmt: skip
    twice(centre, "communities", sheet, 2)
    first = Community.objects.get(area_code=places.COMMUNITY)
    assert (first.name, first.residents, first.households, first.council_since) == (
        "翠屏路社区",
        8213,
        3102,
        date(2021, 6, 1),
    )
    wrong = upload(
        centre,
        one(["社区", "人口", "户数"], ["北门社区", 1, 1], ["翠屏路社区", 10, 20], ["翠屏路社区", 10, 2]),
        "communities",
    )
    assert {number: list(faults) for number, _, faults in seen(wrong)} == {2: ["place"], 3: ["households"], 4: []}


def test_donors_by_name_and_telephone(centre: Actor) -> None:
    carrier = organisations.organisation("广安区慈善会")
    sheet = one(
        ["捐赠单位", "类型", "所在社区", "匿名", "联系人", "联系电话", "捐赠用途", "组织名称"],
        ["张三丰", "个人", "翠屏路社区", "是", "", "139 0826 0011", "只助学"],
        ["康乐药房", "企业", "翠屏路社区", "", "何敏", "0826-2222222"],
        ["广安区慈善会", "社会组织", "翠屏路社区", "", "", "", "", "广安区慈善会"],
    )  # fmt: skip
    twice(centre, "donors", sheet, 3)
    zhang = Donor.objects.get(name="张三丰")
    assert (zhang.unnamed, zhang.contact_phone.reveal(), zhang.wishes) == (True, "13908260011", "只助学")
    assert Donor.objects.get(organisation=carrier).name == "广安区慈善会"
    assert found(DONORS, centre, "0011") == found(DONORS, centre, "zsf") == ["张三丰"]
    other = one(["姓名", "类型", "所在社区", "电话"], ["张三丰", "个人", "翠屏路社区", "13908260012"])
    assert upload(centre, other, "donors").created == 1
    changed = commit(centre, upload(centre, one(["捐赠人", "联系电话"], ["康乐药房", "0826-2222223"]), "donors"))
    assert (changed.updated, Donor.objects.get(name="康乐药房").contact_phone.reveal()) == (1, "08262222223")
    take_back_round(actor=centre, at=places.NOON, round_id=changed.pk)
    assert Donor.objects.get(name="康乐药房").contact_phone.reveal() == "08262222222"
    wrong = upload(centre, one(["捐赠人", "类型", "组织名称", "社区"], ["李四", "个人", "广安区慈善会", "翠屏路社区"],
                               ["王五"], ["赵六公司", "企业", "广安区慈善会", "翠屏路社区"]), "donors")  # fmt: skip
    assert [list(faults) for _, _, faults in seen(wrong)] == [["organisation"], ["kind"], ["organisation"]]


def test_teams_by_name_and_community(centre: Actor) -> None:
    carrier = organisations.organisation("广安区慈善会")
    head = ["服务队名称", "类别", "所在社区", "主管单位", "服务方向", "是否应急", "成立时间", "队长"]
    sheet = one(head, ["翠屏路助老队", "社区", "翠屏路社区", "广安区慈善会", "助老", "是", "2024.5.1", "李四"],
                ["翠屏路助老队", "党员先锋队", "厚街社区"])  # fmt: skip
    twice(centre, "teams", sheet, 2)
    team = Team.objects.get(area_code=places.COMMUNITY)
    assert (team.kind, team.organisation, team.speciality, team.emergency, team.founded_on) == (
        "community", carrier, "助老", True, date(2024, 5, 1),
    )  # fmt: skip
    changed = commit(
        centre, upload(centre, one(["队伍名称", "所在社区", "主要服务"], ["翠屏路助老队", "厚街社区", "巡逻"]), "teams")
    )
    assert (changed.updated, Team.objects.get(area_code=places.NEXT_COMMUNITY).speciality) == (1, "巡逻")
    take_back_round(actor=centre, at=places.NOON, round_id=changed.pk)
    assert Team.objects.get(area_code=places.NEXT_COMMUNITY).speciality == ""
    wrong = upload(centre, one(["队伍名称", "类型", "社区", "成立日期"], ["没有社区", "社区", "无名社区"], ["没有类型", "", "厚街社区"],
                               ["还没有", "社区", "厚街社区", "2027-01-01"], ["古怪", "足球队", "厚街社区"]), "teams")  # fmt: skip
    assert [list(faults) for _, _, faults in seen(wrong)] == [["place"], ["kind"], ["founded_on"], ["kind"]]


def test_resources_by_owner_and_title(centre: Actor) -> None:
    organisations.organisation("翠屏小学")
    head = ["资源名称", "类别", "提供单位", "可用区域", "数量", "计量单位", "有效期至", "使用要求"]
    sheet = one(head, ["多功能教室", "场所", "翠屏小学", "翠屏路社区", "2间", "间", "2027-07-01", "周末可用"],
                ["轮椅", "物资", "翠屏小学", "浓洄街道", 5, "台"])  # fmt: skip
    twice(centre, "resources", sheet, 2)
    room = Resource.objects.get(title="多功能教室")
    assert (room.kind, room.quantity, room.left, room.unit, room.available_until) == (
        "venue",
        2,
        2,
        "间",
        date(2027, 7, 1),
    )
    assert (room.initials, room.area_code) == ("dgnjs", places.COMMUNITY)
    more = upload(centre, one(head[:5], ["轮椅", "物资", "翠屏小学", "浓洄街道", 9]), "resources")
    assert (more.unchanged, more.remarked) == (1, 1)
    wrong = upload(centre, one(head, ["床", "家具", "翠屏小学", "翠屏路社区", 1, "张"], ["灯", "物资", "无名厂", "翠屏路社区", 1, "盏"],
                               ["伞", "物资", "翠屏小学", "翠屏路社区", 0, "把"]), "resources")  # fmt: skip
    assert [list(faults) for _, _, faults in seen(wrong)] == [["kind"], ["owner"], ["quantity"]]


def test_contacts_and_people_of_organisations_stars_of_facilities(centre: Actor) -> None:
    head = [
        "机构名称",
        "信用代码",
        "类型",
        "登记情况",
        "所在社区",
        "负责人",
        "负责人电话",
        "专职人数",
        "持证社工",
        "协议到期日",
        "评估时间",
        "等级",
    ]
    sheet = one(
        head,
        [
            "解放路养老中心",
            USCC,
            "民非",
            "登记",
            "翠屏路社区",
            "何敏",
            "13908260021",
            8,
            "3人",
            "2027/1/1",
            "2025.5",
            "4A",
        ],
    )
    twice(centre, "organisations", sheet, 1)
    centre_ = Organisation.objects.get(uscc=USCC)
    assert (centre_.contact_name, centre_.contact_phone.reveal(), centre_.full_time, centre_.certified) == (
        "何敏",
        "13908260021",
        8,
        3,
    )
    assert (centre_.graded_on, centre_.agreement_until) == (date(2025, 5, 1), date(2027, 1, 1))
    # 解 as a family name is read otherwise: a title is found by what it is read as.
    assert found(ORGANISATIONS, centre, "jfl") == found(ORGANISATIONS, centre, "0021") == ["解放路养老中心"]
    many = upload(centre, one(["机构名称", "信用代码", "持证社工"], ["解放路养老中心", USCC, 9]), "organisations")
    assert list(seen(many)[0][2]) == ["certified"]
    places_ = one(
        ["设施名称", "类型", "所在社区", "床位", "星级", "每周开放日", "地址", "联系电话", "开放时间"],
        ["翠屏养老院", "养老院", "翠屏路社区", "50张", "四星级", "周一至周六", "翠屏路2号", "0826-2111111", "8:00-18:00"],
    )  # fmt: skip
    twice(centre, "facilities", places_, 1)
    home = Facility.objects.get(name="翠屏养老院")
    assert (home.star, home.weekdays, home.capacity, home.address, home.phone) == (
        4,
        "123456",
        50,
        "翠屏路2号",
        "0826-2111111",
    )


def test_certificates_of_workers_skills_and_hours_of_volunteers(centre: Actor) -> None:
    head = ["工号", "姓名", "身份证号", "岗位", "社区", "社工师级别", "证书编号", "登记时间", "证书有效期"]
    twice(
        centre,
        "workers",
        one(head, ["S07", "王桂芳", NUMBER, "社工", "翠屏路社区", "中级", "川2023-0077", "2024-05-01", "2027-05-01"]),
        1,
    )
    worker = Worker.objects.get(number="S07")
    assert (worker.level, worker.certificate_number, worker.registered_on) == (
        "professional",
        "川20230077",
        date(2024, 5, 1),
    )
    wrong = upload(centre, one(head[:6], ["C08", "李建国", HIS, "互助员", "翠屏路社区", "初级"]), "workers")
    assert list(seen(wrong)[0][2]) == ["level"]
    skill, young = Skill.objects.earliest("pk"), people.id_number(born_on=date(2014, 1, 1), sex="F", serial=5)
    sheet = one(
        ["姓名", "身份证号", "社区", "特长", "服务时长", "保险到期日"],
        ["张秀兰", HERS, "翠屏路社区", f"{skill.title}、唱歌", "12.5小时", "2027-01-01"],
    )  # fmt: skip
    round_ = upload(centre, sheet, "volunteers")
    assert rows(round_)[0].remarks == {"skills": "没有登记：唱歌（不在技能目录里）。"}
    commit(centre, round_)
    volunteer = Volunteer.objects.get(person__name="张秀兰")
    assert (volunteer.earlier_minutes, volunteer.insured_until) == (750, date(2027, 1, 1))
    assert list(volunteer.skills.values_list("skill", flat=True)) == [skill.pk]
    assert upload(centre, sheet, "volunteers").unchanged == 1
    minor = upload(centre, one(["姓名", "身份证号", "社区"], ["周小妹", young, "翠屏路社区"]), "volunteers")
    assert "监护人" in seen(minor)[0][2]["born_on"]
