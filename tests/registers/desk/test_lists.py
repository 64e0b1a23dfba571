"""Every register: found by characters, initials and telephone tail; counts that are the rows; pages that miss nothing."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    check_in,
    due_visits,
    grid,
    judging,
    organisations,
    people,
    registers,
    scouts,
    selections,
    wishes,
    workforce,
)
from tests.factories.cast import World, actor_of, world
from tests.factories.needs import application, application_of_somebody, resource
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, OTHER_COMMUNITY, STREET, TODAY
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.registers.communities.models import Community
from wushe.registers.desk import selectors
from wushe.registers.desk.declaration import Register, all_registers, register_of
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.desk.selectors import Page, Where
from wushe.registers.volunteers.models import Team, Volunteer, VolunteerSkill
from wushe.registers.workforce.models import Skill

pytestmark = pytest.mark.django_db
CODES = [
    "applications", "bans", "proposals", "selections",
    "check_in_members", "check_in_units",
    "communities", "donors", "due_visits", "facilities", "households", "leads", "no_answers", "organisations", "pairs", "people", "posts",
    "resources", "seats", "social_workers", "teams", "volunteers", "wishes",
    "grid_cases", "meetings", "questions",
]  # fmt: skip
# Their rows are the end of a chain of their own: tests/lines/goods.
OF_GOODS = ["handouts", "stock"]


@pytest.fixture
def here() -> World:
    w = world()
    registers.one_of_each(w)
    resource(w.charity)
    wishes.collected(w.elder)
    selections.of_title("助餐", area_code=COMMUNITY)
    selections.banned("失信服务中心", area_code=COMMUNITY)
    scouts.entered()
    application(w.elder)
    judging.asked()
    grid.collected()
    check_in.unit()
    check_in.member(w.elder)
    due_visits.one_of_each(w)
    return w


@pytest.fixture
def actor(here: World) -> Actor:
    return actor_of("social_worker")


def found(code: str, actor: Actor, text: str = "", **chosen: str) -> list[str]:
    register = register_of(code)
    rows = selectors.narrowed(register, actor=actor, where=Where(text, chosen), on=TODAY)
    return [register.name(row) for row in selectors.first_rows(register, rows, where=Where(), on=TODAY, most=100)]


def test_every_register_is_declared() -> None:
    assert sorted(all_registers()) == sorted([*CODES, *OF_GOODS])


@pytest.mark.parametrize(
    ("code", "texts", "name"),
    [
        ("organisations", ["居家", "kljj", "jjyl"], "康乐居家养老服务中心"),
        ("social_workers", ["卫国", "cwg", "2024510001"], "陈卫国"),
        ("volunteers", ["孙立", "sl"], "孙立"),
        ("teams", ["助老", "zl"], "翠屏路助老志愿服务队"),
        ("posts", ["助餐", "zc"], "助餐点帮手"),
        ("facilities", ["照料", "yl", "3333"], "翠屏养老照料中心"),
        ("communities", ["翠屏", "cpl"], "翠屏路社区"),
        ("seats", ["兼职", "桂芳", "wgf"], "兼职委员"),
        ("donors", ["商贸", "cnsm", "0099"], "城南商贸公司"),
        ("wishes", ["收音机", "桂芳", "wgf"], "一台收音机"),
        ("selections", ["助餐", "的征集", "独居老人"], "助餐的征集"),
        ("proposals", ["助餐", "餐服务中心"], "助餐"),
        ("bans", ["失信", "转包"], "失信服务中心"),
        ("leads", ["洗澡", "李大爷"], "3栋的王婆婆好久没洗澡了，一个人弄不了，想请人上…"),
        ("applications", ["邻居张三", "桂芳", "wgf"], "邻居张三代王桂芳申请"),
        ("grid_cases", ["杂物", "3栋"], "3栋2单元楼道口：楼道里堆满杂物，走不过去"),
        ("meetings", ["电动车", "周书记"], "路灯和电动车"),
        ("questions", ["路灯", "周书记"], "3栋楼下的路灯不亮"),
        ("check_in_units", ["供电", "gds", "第二支部"], "城南供电所"),
        ("check_in_members", ["桂芳", "wgf"], "王桂芳"),
        ("due_visits", ["桂芳", "wgf", "陈社工"], "王桂芳"),
        ("no_answers", ["素芳", "zsf"], "郑素芳"),
        ("pairs", ["桂芳", "wgf", "孙立", "sl", "陈社工"], "王桂芳"),
        ("households", ["桂芳", "wgf"], "王桂芳一户"),
    ],
)
def test_a_row_is_found(here: World, actor: Actor, code: str, texts: list[str], name: str) -> None:
    for text in texts:
        assert name in found(code, actor, text), text
    assert name not in found(code, actor, "绝无此名")


def test_people_are_found_by_the_tail_of_their_telephone(here: World, actor: Actor) -> None:
    tail = here.elder.phone.reveal()[-4:]
    assert found("seats", actor, tail) == ["兼职委员"]
    tail = here.volunteer.person.phone.reveal()[-4:]
    assert found("volunteers", actor, tail) == ["孙立"]
    assert (found("posts", actor, tail), found("teams", actor, tail)) == (["助餐点帮手"], [])
    Team.objects.update(leader=here.volunteer)
    assert found("teams", actor, tail) == ["翠屏路助老志愿服务队"]
    Community.objects.update(phone="08262333456")
    assert found("communities", actor, "3456") == ["翠屏路社区"]


def test_initials_of_a_title() -> None:
    assert initials_of_title("4A级枢纽（示范）") == "4ajsnsf"


@pytest.mark.parametrize("code", CODES)
def test_a_stranger_finds_nothing(here: World, actor: Actor, code: str) -> None:
    stranger = actor_of("stranger")
    assert set(found(code, actor)).isdisjoint(found(code, stranger))
    register = register_of(code)
    mine = register.rows(actor, TODAY).first()
    assert mine is not None
    with pytest.raises(NotFound):
        selectors.row_of(register, actor=stranger, pk=mine.pk, on=TODAY)
    with pytest.raises(NotAllowed):
        selectors.narrowed(register, actor=actor_of("carer"), where=Where(), on=TODAY)


@pytest.mark.parametrize("code", CODES)
def test_counts_are_the_rows_behind_each_filter(here: World, actor: Actor, code: str) -> None:
    many(code, 3)
    register = register_of(code)
    offers = selectors.offers_of(register, actor=actor, on=TODAY)
    counts = selectors.counts_of(register, actor=actor, where=Where(), on=TODAY, offers=offers)
    assert counts["", ""] == len(found(code, actor)) > 3
    checked = 0
    for facet in register.facets:
        for choice, _ in offers[facet.name]:
            assert counts[facet.name, choice] == len(found(code, actor, **{facet.name: choice})), (facet.name, choice)
            checked += 1
    assert checked >= 3
    # A filter does not narrow its own choices, but all the others.
    first = register.facets[0]
    chosen = next(one for one, _ in offers[first.name] if counts[first.name, one])
    under = selectors.counts_of(register, actor=actor, where=Where("", {first.name: chosen}), on=TODAY, offers=offers)
    assert under[first.name, chosen] == counts[first.name, chosen] == under["", ""]


@pytest.mark.parametrize("code", CODES)
def test_pages_miss_nothing_in_any_order(here: World, actor: Actor, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    many(code, 5)
    monkeypatch.setattr(selectors, "SIZE", 2)
    register = register_of(code)
    everything = sorted(register.rows(actor, TODAY).values_list("pk", flat=True))
    for order in register.orders:
        for sort in (order.name, f"-{order.name}"):
            there = [row.pk for page in pages(register, actor, sort) for row in page.rows]
            assert sorted(there) == everything, sort
            assert len(set(there)) == len(there)
            assert back(register, actor, sort) == there, sort


def pages(register: Register, actor: Actor, sort: str) -> Iterator[Page]:
    after: int | None = None
    while True:
        page = ask(register, actor, sort, after, None)
        yield page
        if page.next is None:
            return
        after = int(page.next)


def back(register: Register, actor: Actor, sort: str) -> list[int]:
    last = list(pages(register, actor, sort))[-1]
    rows, page = [row.pk for row in last.rows], last
    while page.previous is not None:
        page = ask(register, actor, sort, None, int(page.previous))
        rows = [row.pk for row in page.rows] + rows
    return rows


def ask(register: Register, actor: Actor, sort: str, after: int | None, before: int | None) -> Page:
    where = Where(sort=sort)
    rows = selectors.narrowed(register, actor=actor, where=where, on=TODAY)
    return selectors.page_of_register(register, rows, where=where, on=TODAY, after=after, before=before)


def test_unknown_filters_are_named_and_left_out(actor: Actor) -> None:
    register = register_of("organisations")
    offers = selectors.offers_of(register, actor=actor, on=TODAY)
    where = selectors.where_of(register, {"grade": "9A", "kind": "charity", "sort": "password"}, offers=offers)
    assert (where.chosen, where.ignored, where.sort) == ({"kind": "charity"}, ("评估等级",), "")


def test_who_can_do_what_is_found(here: World, actor: Actor) -> None:
    skill = Skill.objects.get(code="companionship")
    VolunteerSkill.objects.create(volunteer=Volunteer.objects.get(pk=here.volunteer.pk), skill=skill)
    assert found("volunteers", actor, skill="companionship") == ["孙立"]
    assert found("volunteers", actor, skill="bathing") == []
    assert found("facilities", actor, function="meal") == ["翠屏养老照料中心"]
    assert found("facilities", actor, function="party") == []


@pytest.mark.parametrize("code", CODES)
def test_a_list_costs_the_same_at_any_length(here: World, actor: Actor, code: str) -> None:
    def cost() -> int:
        register = register_of(code)
        with CaptureQueriesContext(connection) as queries:
            offers = selectors.offers_of(register, actor=actor, on=TODAY)
            where = selectors.where_of(register, {}, offers=offers)
            selectors.counts_of(register, actor=actor, where=where, on=TODAY, offers=offers)
            ask(register, actor, "", None, None)
            selectors.views_of(register, actor=actor)
        return len(queries)

    before = cost()
    many(code, 6)
    # Four more stand before every page: session, account, grants, and the grants to change to.
    assert cost() == before <= 6


def many(code: str, number: int) -> None:
    """Add rows to a register of the first street."""
    for n in range(number):
        area, word = (COMMUNITY, NEXT_COMMUNITY)[n % 2], "春夏秋冬东西南北"[n]
        if code == "organisations":
            organisations.organisation(f"{word}风社会服务中心", area_code=area, grade="3A", activity=n)
        elif code == "social_workers":
            registers.social_worker(f"陈{word}", area_code=area, certificate_number=f"20{n}")
        elif code == "volunteers":
            workforce.volunteer(f"孙{word}", area_code=area)
        elif code in {"people", "households"}:
            people.person(f"李{word}", area_code=area, born_on=date(1940 + n, 1, 1), tags=("dibao",))
        elif code == "resources":
            resource(organisations.charity(f"{word}善会"), title=f"{word}衣")
        elif code == "communities":
            registers.community(f"{word}社区", area_code=f"{STREET}{n + 3:03d}")
        elif code in {"due_visits", "no_answers"}:
            visited = due_visits.plan(people.person(f"郑{word}", area_code=area, lives_alone=True))
            if code == "no_answers":
                due_visits.unanswered(visited)
        else:
            make = {"teams": registers.team, "posts": registers.post, "facilities": registers.facility,
                    "seats": registers.seat, "donors": registers.donor, "wishes": wishes.of_somebody, "selections": selections.drafted,
                    "proposals": selections.of_title, "bans": selections.banned, "leads": scouts.about,
                    "check_in_units": check_in.unit, "check_in_members": check_in.of_somebody,
                    "pairs": due_visits.paired, "applications": application_of_somebody, "grid_cases": grid.about,
                    "meetings": judging.announced, "questions": judging.about}[code]  # fmt: skip
            make(f"{word}字号", area_code=area)


def test_what_lies_elsewhere_stays_there(here: World, actor: Actor) -> None:
    registers.team("外街服务队", area_code=OTHER_COMMUNITY)
    people.person("赵子龙", area_code=OTHER_COMMUNITY)
    assert found("teams", actor) == ["翠屏路助老志愿服务队"]
    assert sorted(found("teams", actor_of("district_manager"))) == ["外街服务队", "翠屏路助老志愿服务队"]
