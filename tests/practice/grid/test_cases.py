"""Grid cases: seven steps with a limit and a name at each; who handled does not check; clocks stop only on the hung list."""

from datetime import timedelta

import pytest

from tests.factories import grid
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workdays.selectors import end_after_working_days
from wushe.foundation.workflow import MoveNotAllowed
from wushe.practice.grid import collecting, handling
from wushe.practice.grid.models import CaseState as S
from wushe.practice.grid.models import GridCase, SiteCheck

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=8)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def again(case: GridCase) -> GridCase:
    return GridCase.objects.get(pk=case.pk)


def check(case: GridCase, *, who: str = "social_worker", passed: bool = True, name: str = "何网格员") -> SiteCheck:
    return handling.check_case(
        actor=actor_of(who), at=LATER, case_id=case.pk, passed=passed, seen="现场看过", checker_name=name
    )


def test_seven_steps_each_with_a_name_and_a_limit() -> None:
    worker, case = actor_of("community_worker"), grid.collected()
    assert (case.owner_name, case.due_at) == ("何网格员", NOON + timedelta(minutes=60))
    collecting.file_case(actor=worker, at=NOON, case_id=case.pk)
    assert (again(case).owner_name, again(case).due_at) == (worker.name, NOON + timedelta(minutes=120))
    collecting.send_case(actor=worker, at=NOON, case_id=case.pk, unit="物业公司", handler_name="刘经理")
    by = end_after_working_days(at=NOON, count=2, area_code=COMMUNITY)
    assert (again(case).owner_name, again(case).due_at, again(case).handle_by) == ("刘经理", by, by)
    handling.note_handling(actor=worker, at=NOON, case_id=case.pk, note="已经通知保洁")
    handling.report_case(actor=worker, at=NOON, case_id=case.pk, result="杂物已经清走")
    assert again(case).due_at == end_after_working_days(at=NOON, count=1, area_code=COMMUNITY)
    assert again(case).owner_name == "何网格员"
    check(case)
    handling.evaluate_case(actor=actor_of("street_manager"), at=LATER, case_id=case.pk, grade="good")
    assert (again(case).state, again(case).closed_at, again(case).grade) == (S.EVALUATED, LATER, "good")
    kinds = JournalEntry.objects.filter(subject_kind="gridcase").order_by("pk").values_list("kind", flat=True)
    steps = ["collect", "file", "send", "handle", "report", "close", "evaluate"]
    assert list(kinds) == [f"grid_case.{step}" for step in steps]


def test_who_handled_does_not_check_and_a_failed_check_goes_back_under_the_old_limit() -> None:
    case = grid.reported()
    for who, name in (("community_worker", "何网格员"), ("social_worker", "刘经理")):
        with pytest.raises((MoveNotAllowed, Invalid)):
            check(case, who=who, name=name)
    assert (again(case).state, SiteCheck.objects.count()) == (S.REPORTED, 0)
    check(case, passed=False)
    back = again(case)
    assert (back.state, back.owner_name, back.due_at) == (S.HANDLING, "刘经理", case.handle_by)
    handling.report_case(actor=actor_of("community_worker"), at=LATER, case_id=case.pk, result="这回清干净了")
    check(case)
    assert (again(case).state, [one.passed for one in SiteCheck.objects.order_by("pk")]) == (S.CLOSED, [False, True])


def test_a_return_once_and_dismissal() -> None:
    worker, case, other = actor_of("community_worker"), grid.sent(), grid.collected()
    handling.hand_back(actor=worker, at=NOON, case_id=case.pk, note="这里归环卫所管")
    assert (again(case).state, again(case).owner_name, again(case).handle_by) == (S.FILED, "何网格员", None)
    collecting.send_case(actor=worker, at=NOON, case_id=case.pk, unit="环卫所", handler_name="李所长")
    with pytest.raises(MoveNotAllowed):
        handling.hand_back(actor=worker, at=NOON, case_id=case.pk, note="还是不归我们")
    assert again(case).state == S.HANDLING
    collecting.dismiss_case(actor=worker, at=NOON, case_id=other.pk, note="当场就清走了")
    assert (again(other).state, again(other).due_at) == (S.DISMISSED, None)


def test_extended_by_policy_then_hung_with_a_reason_and_a_day() -> None:
    decider, case = actor_of("street_manager"), grid.sent()
    told = {"actor": decider, "at": NOON, "case_id": case.pk}
    hang = {**told, "reason": "要等老旧小区改造", "review_on": TODAY + timedelta(days=90)}
    with pytest.raises(NotAllowed):
        handling.extend_case(
            **{**told, "actor": actor_of("community_worker")}, until=TODAY + timedelta(days=9), note="缺材料"
        )
    with pytest.raises(MoveNotAllowed):  # not before an extension
        handling.hang_case(**hang)
    with pytest.raises(Invalid):
        handling.extend_case(**told, until=TODAY, note="缺材料")
    handling.extend_case(**told, until=TODAY + timedelta(days=9), note="缺材料")
    with pytest.raises(MoveNotAllowed):
        handling.extend_case(**told, until=TODAY + timedelta(days=20), note="还缺材料")
    with pytest.raises(Invalid):
        handling.hang_case(**{**hang, "review_on": TODAY})
    handling.hang_case(**hang)
    assert (again(case).state, again(case).due_at, again(case).owner_name) == (S.HUNG, None, "刘经理")
    handling.resume_case(**told)
    assert (again(case).state, again(case).due_at) == (S.HANDLING, collecting.limit("environment", NOON, COMMUNITY))
    late = grid.sent()
    with pytest.raises(MoveNotAllowed):  # after its limit
        handling.extend_case(
            actor=decider,
            at=NOON + timedelta(days=30),
            case_id=late.pk,
            until=TODAY + timedelta(days=60),
            note="缺材料",
        )


def test_refusals_name_the_field_and_stay_in_scope() -> None:
    for fault in ({"kind": "x"}, {"source": ""}, {"words": ""}, {"spot": " "}, {"area_code": OTHER_COMMUNITY}):
        with pytest.raises(Invalid) as refusal:
            grid.collected(**fault)
        assert list(refusal.value.fields) == list(fault)
    assert not GridCase.objects.exists()
    case = grid.sent()
    with pytest.raises(NotFound):
        collecting.file_case(actor=actor_of("stranger"), at=NOON, case_id=case.pk)
    for act, fault in ((handling.report_case, {"result": ""}), (handling.note_handling, {"note": ""})):
        with pytest.raises(Invalid) as refusal:
            act(actor=actor_of("community_worker"), at=NOON, case_id=case.pk, **fault)
        assert list(refusal.value.fields) == list(fault)


def test_the_pages(here: World) -> None:
    desk, other = client_of("community_worker"), client_of("social_worker")
    told = {"area_code": COMMUNITY, "kind": "safety", "source": "public", "words": "电线拖在地上", "spot": "5栋门口"}
    wrong = desk.post("/registers/grid_cases/new/", {**told, "spot": ""})
    assert (wrong.status_code, "电线拖在地上" in wrong.content.decode()) == (422, True)
    assert desk.post("/registers/grid_cases/new/", told).status_code == 302
    address = f"/registers/grid_cases/{GridCase.objects.get().pk}/"
    assert desk.post(f"{address}file/", {}).status_code == 302
    assert desk.post(f"{address}send/", {"unit": "供电所", "handler_name": "刘经理"}).status_code == 302
    assert desk.post(f"{address}report/", {"result": "已经架高"}).status_code == 302
    refused = desk.post(f"{address}close/", {"seen": "看过了"})
    assert (refused.status_code, "不能核查自己" in refused.content.decode()) == (422, True)
    assert other.post(f"{address}close/", {"seen": "线已经架高"}).status_code == 302
    page = desk.get(address).content.decode()
    assert "已结案" in page
    assert "隐患已消除" in page
