"""Tranche k waits for report k, for the one before it and for every rectification; late material fails."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import grants, needs
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.projects.grants import (
    SameHand,
    TrancheHeld,
    agree_grant,
    free_of,
    held_because,
    pay_tranche,
    recover_tranche,
    release_tranche,
    split,
    stop_tranche,
    withdraw_tranche,
)
from wushe.chain.projects.models import Report, ReportState, Tranche, TrancheState
from wushe.chain.projects.rectifying import (
    answer_rectification,
    ask_rectification,
    close_rectification,
    reject_rectification,
)
from wushe.chain.projects.reporting import (
    MaterialLate,
    accept_report,
    excuse_report,
    fail_late_reports,
    fail_report,
    return_report,
)
from wushe.chain.projects.standards import CLOSING, DESIGN, Mark, mark_standard, unmet_clauses
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import Account
from wushe.ledgers.selectors import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def who(name: str = "social_worker") -> dict[str, Any]:
    return {"actor": actor_of(name), "at": NOON}


def test_the_parts_sum_to_the_whole() -> None:
    for fen in (300, 333, 1_000_001, 99_999_999_999):
        for shares in ([100], [50, 30, 20], [40, 40, 20], [33, 33, 34]):
            parts = split(fen, shares)
            assert sum(parts) == fen
            assert min(parts) > 0
            assert len(parts) == len(shares)


def test_a_grant_is_paid_part_by_part(here: World) -> None:
    grant = grants.grant(here.organisation, fen=1_000_001)
    first, second, third = grant.tranches.order_by("number")
    assert [t.amount_fen for t in (first, second, third)] == [500_000, 300_000, 200_001]
    assert list(Report.objects.order_by("pk").values_list("title", "due_on")) == [
        ("实施方案", date(2026, 9, 29)), ("中期报告", date(2026, 11, 22)), ("末期报告和决算", date(2027, 1, 15)),
    ]  # fmt: skip
    assert free_of(grant.line) == 0

    with pytest.raises(TrancheHeld, match="第1批还不能拨付：《实施方案》待提交。"):
        release_tranche(**who(), tranche_id=first.pk)
    grants.paid(first)
    with pytest.raises(MoveNotAllowed):
        pay_tranche(**who("settlement_clerk"), tranche_id=first.pk, voucher="51160000999")
    assert "《末期报告和决算》待提交" in held_because(third, on=TODAY)
    assert "第2批未拨付" in held_because(third, on=TODAY)

    accept_report(**who(), report_id=grants.filed(second).pk)
    release_tranche(**who(), tranche_id=second.pk)
    fault = ask_rectification(**who(), project_id=grant.project_id, fault="签到表缺签名", due_on=TODAY)
    with pytest.raises(TrancheHeld, match="还有1项整改没有销号"):
        pay_tranche(**who("settlement_clerk"), tranche_id=second.pk, voucher="51160000002")
    answer_rectification(**who("organisation_a"), rectification_id=fault.pk, answer="已补签并拍照")
    reject_rectification(**who(), rectification_id=fault.pk)
    answer_rectification(**who("organisation_a"), rectification_id=fault.pk, answer="三月份的也补签了")
    with pytest.raises(TrancheHeld):
        pay_tranche(**who("settlement_clerk"), tranche_id=second.pk, voucher="51160000002")
    close_rectification(**who(), rectification_id=fault.pk)
    with pytest.raises(Invalid, match="已经付过款"):
        pay_tranche(**who("settlement_clerk"), tranche_id=second.pk, voucher=Tranche.objects.get(pk=first.pk).voucher)
    pay_tranche(**who("settlement_clerk"), tranche_id=second.pk, voucher="51160000002")

    accept_report(**who(), report_id=grants.filed(third).pk)
    assert unmet_clauses(grant.project, CLOSING, on=TODAY) == []
    clause = grant.project.standard_marks.last()
    mark_standard(**who(), project_id=grant.project_id, marks={clause.clause: Mark(met=False, evidence="档案没有移交")})
    with pytest.raises(TrancheHeld, match="结项条款还有1条"):
        release_tranche(**who(), tranche_id=third.pk)
    mark_standard(**who(), project_id=grant.project_id, marks={clause.clause: Mark(met=True, evidence="移交清单")})
    release_tranche(**who(), tranche_id=third.pk)
    pay_tranche(**who("settlement_clerk"), tranche_id=third.pk, voucher="51160000003")

    grant.line.account.refresh_from_db()
    assert grant.line.account.balance == 0
    paid_out = Account.objects.get(code=f"outside:granted:{here.organisation.pk}")
    assert paid_out.balance == 1_000_001
    recover_tranche(**who(), tranche_id=third.pk, reason="违约")
    grant.line.account.refresh_from_db()
    assert grant.line.account.balance == 200_001
    with pytest.raises(MoveNotAllowed):
        recover_tranche(**who(), tranche_id=third.pk, reason="违约")
    assert faults() == []


def test_who_agrees_does_not_pay_and_strangers_do_nothing(here: World) -> None:
    grant = grants.grant(here.organisation)
    tranche, report = grants.tranche(grant, 1), grants.tranche(grant, 1).report
    for name, refusal in (
        ("organisation_b", NotFound), ("settlement_clerk", NotAllowed), ("social_worker", NotAllowed),
        ("charity_officer", NotAllowed), ("elder", NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            grants.filed(tranche, who=name)
    grants.filed(tranche)
    for name, refusal in (
        ("organisation_a", NotAllowed), ("community_worker", NotAllowed), ("settlement_clerk", NotAllowed),
        ("street_manager", NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            accept_report(**who(name), report_id=report.pk)
        with pytest.raises(refusal):
            release_tranche(**who(name), tranche_id=tranche.pk)
    both = Actor(99, "两个身份", "social_worker", "511602001")
    filer = Report.objects.get(pk=report.pk).filed_by
    with pytest.raises(Conflict, match="自己提交"):
        accept_report(actor=Actor(filer or 0, "两个身份", "social_worker", "511602001"), at=NOON, report_id=report.pk)
    accept_report(actor=both, at=NOON, report_id=report.pk)
    release_tranche(actor=both, at=NOON, tranche_id=tranche.pk)
    payer = Actor(both.user_id, "两个身份", "settlement_clerk", "511602")
    with pytest.raises(SameHand):
        pay_tranche(actor=payer, at=NOON, tranche_id=tranche.pk, voucher="51160000001")
    for name in ("organisation_a", "social_worker", "district_manager", "charity_officer", "auditor"):
        with pytest.raises(NotAllowed):
            pay_tranche(**who(name), tranche_id=tranche.pk, voucher="51160000001")
    with pytest.raises(Invalid):
        pay_tranche(**who("settlement_clerk"), tranche_id=tranche.pk, voucher=" 1 ")
    withdraw_tranche(**who(), tranche_id=tranche.pk, reason="再核一遍")
    with pytest.raises(Invalid):
        stop_tranche(**who(), tranche_id=tranche.pk, reason=" ")
    stop_tranche(**who(), tranche_id=tranche.pk, reason="承接机构退出")
    tranche.refresh_from_db()
    assert (tranche.state, tranche.entry) == (TrancheState.STOPPED, None)
    grant.line.account.refresh_from_db()
    assert grant.line.account.balance == 1_000_000
    assert free_of(grant.line) == 500_000


def test_late_material_fails_unless_excused(here: World) -> None:
    grant = grants.grant(here.organisation)
    tranche = grants.tranche(grant, 1)
    report = tranche.report
    day_after = NOON + timedelta(days=16)
    with pytest.raises(MaterialLate, match="2026年9月29日"):
        grants.filed(tranche, at=day_after)
    assert fail_late_reports(actor=SYSTEM, at=NOON + timedelta(days=15)) == 0
    assert fail_late_reports(actor=SYSTEM, at=day_after) == 1
    assert fail_late_reports(actor=SYSTEM, at=day_after) == 0
    report.refresh_from_db()
    assert (report.state, report.filed_on) == (ReportState.FAILED, None)
    with pytest.raises(MoveNotAllowed):
        grants.filed(tranche, at=day_after)
    with pytest.raises(Invalid):
        excuse_report(actor=actor_of("social_worker"), at=day_after, report_id=report.pk, until=TODAY, remark="停电")
    until = TODAY + timedelta(days=30)
    excuse_report(actor=actor_of("social_worker"), at=day_after, report_id=report.pk, until=until, remark="洪水停工")
    grants.filed(tranche, at=day_after)
    returned = return_report(
        actor=actor_of("social_worker"), at=day_after, report_id=report.pk, remark="缺签到表"
    )  # fmt: skip
    assert returned.due_on == date(2026, 10, 10)
    grants.filed(tranche, at=day_after)
    fail_report(actor=actor_of("social_worker"), at=day_after, report_id=report.pk, remark="与实际不符")
    with pytest.raises(TrancheHeld, match="《实施方案》不通过"):
        release_tranche(actor=actor_of("social_worker"), at=day_after, tranche_id=tranche.pk)


def test_no_money_is_promised_twice_or_before_the_standard_is_met(here: World) -> None:
    project = needs.project(here.organisation)
    line = needs.budget_line(project, fen=500_000)
    values = {**who(), "project_id": project.pk, "line_id": line.pk, "title": "公益创投资助", "amount_fen": 400_000}
    with pytest.raises(Conflict, match="立项条款还有6条没有达到"):
        agree_grant(**values)
    with pytest.raises(Invalid):
        mark_standard(**who(), project_id=project.pk, marks={"没有的条款": Mark(met=True, evidence="有")})
    grants.meets(project, DESIGN)
    agree_grant(**values)
    for change, field in (
        ({"amount_fen": 100_001}, "amount_fen"), ({"amount_fen": 299}, "amount_fen"), ({"amount_fen": -5}, "amount_fen"),
        ({"title": " "}, "title"), ({"shares": [50, 40]}, "shares"), ({"shares": [120, -20]}, "shares"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            agree_grant(**{**values, "amount_fen": 100_000, **change})
        assert list(refused.value.fields) == [field]
    assert project.grants.count() == 1
    other = needs.budget_line(needs.project(here.organisation))
    with pytest.raises(NotFound):
        agree_grant(**{**values, "line_id": other.pk})
