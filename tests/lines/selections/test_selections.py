"""From the call to the contract: late fails, the registers decide who qualifies, the scores decide who wins, two hands sign."""

from datetime import date
from typing import Any

import pytest

from tests.factories import grants, organisations, selections
from tests.factories.cast import World, actor_of, user_of, world
from tests.factories.places import DISTRICT, NOON, OTHER_STREET
from tests.factories.selections import days_later, manager, of_organisation
from wushe.chain.projects.models import ProjectState
from wushe.chain.projects.rectifying import ask_rectification
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, SecondPerson
from wushe.foundation.presets.models import Preset
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.selectors import faults
from wushe.lines.selections import announcing, applying, banning, contracting, deciding, judging, screening
from wushe.lines.selections.models import Proposal
from wushe.lines.selections.printing import contract_of, contract_pdf
from wushe.lines.selections.rules import barred_by, rules_of
from wushe.lines.selections.selectors import public_contracts, public_ranking, public_selection
from wushe.lines.selections.states import ProposalState, SelectionState
from wushe.registers.organisations.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_a_venture_from_the_call_to_the_tranches(here: World) -> None:
    call = selections.announced()
    first = selections.passed(call, here.organisation.pk)
    second = selections.passed(call, here.second_organisation.pk, title="邻里食堂", asked_fen=9_000_000)
    selections.jury(call)
    selections.scoring(call)
    judging.fix_sum(**manager(at=days_later(17)), proposal_id=second.pk, fixed_fen=7_000_000)
    selections.scored(call, first, {"social_worker": 80, "community_worker": 90, "stranger": 85, "elder": 100})
    selections.scored(call, second, {"social_worker": 90, "community_worker": 90, "stranger": 90})
    assert list(public_ranking(call)) == []
    with pytest.raises(Conflict, match="“邻里食堂”还缺elder的评分"):
        deciding.put_on_notice(**manager(at=days_later(17)), selection_id=call.pk)
    selections.scored(call, second, {"elder": 60})
    deciding.put_on_notice(**manager(at=days_later(17)), selection_id=call.pk)
    call.refresh_from_db()
    # 0.7 × 85 + 0.3 × 100 and 0.7 × 90 + 0.3 × 60; both fit into the budget.
    assert [(p.pk, p.points, p.rank, p.state) for p in public_ranking(call)] == [
        (first.pk, 8950, 1, "chosen"), (second.pk, 8100, 2, "chosen"),
    ]  # fmt: skip
    # Five working days after the first of October: 8, 9, 10 (in exchange), 12, 13.
    assert (call.state, call.notice_until) == (SelectionState.NOTICED, date(2026, 10, 13))
    with pytest.raises(SecondPerson):
        deciding.decide_selection(
            actor=Actor(call.noticed_by or 0, "同一个人", "district_manager", DISTRICT),
            at=days_later(40),
            selection_id=call.pk,
        )
    with pytest.raises(Conflict, match="要公示到"):
        deciding.decide_selection(**manager("district_manager", at=days_later(20)), selection_id=call.pk)
    deciding.decide_selection(**manager("district_manager", at=days_later(40)), selection_id=call.pk)

    who = manager("district_manager", at=days_later(41))
    with pytest.raises(Conflict, match="请先立项"):
        contracting.sign_contract(**who, proposal_id=second.pk, number="FW2026-001", carries_itself=True)
    project = contracting.write_up(**who, proposal_id=second.pk)
    with pytest.raises(Conflict, match="立项条款"):
        contracting.sign_contract(**who, proposal_id=second.pk, number="FW2026-001", carries_itself=True)
    assert fresh(project).state == ProjectState.APPROVED
    grants.meets(project, grants.DESIGN)
    with pytest.raises(Invalid, match="不得转包"):
        contracting.sign_contract(**who, proposal_id=second.pk, number="FW2026-001", carries_itself=False)
    contract = contracting.sign_contract(**who, proposal_id=second.pk, number="FW2026-001", carries_itself=True)
    assert (contract.amount_fen, contract.due_on, contract.kept_until) == (
        7_000_000, date(2026, 11, 23), date(2042, 12, 31),
    )  # fmt: skip
    tranches = contract.grant.tranches.order_by("number").values_list("amount_fen", flat=True)
    assert list(tranches) == [3_500_000, 2_100_000, 1_400_000]
    assert (fresh(project).state, fresh(project).carrier_id) == (ProjectState.RUNNING, here.second_organisation.pk)
    assert fresh(second).state == ProposalState.CONTRACTED
    assert list(public_contracts(call)) == []
    contracting.note_published(**who, contract_id=contract.pk)
    assert [one.number for one in public_contracts(call)] == ["FW2026-001"]
    with pytest.raises(Conflict, match="已经登记过"):
        contracting.note_published(**who, contract_id=contract.pk)

    contracting.write_up(**who, proposal_id=first.pk)
    grants.meets(fresh(first).project, grants.DESIGN)
    late = manager("district_manager", at=days_later(90))
    with pytest.raises(Invalid, match="已经逾期"):
        contracting.sign_contract(**late, proposal_id=first.pk, number="FW2026-002", carries_itself=True)
    with pytest.raises(Invalid, match="不能和别的合同相同"):
        contracting.sign_contract(**who, proposal_id=first.pk, number="FW2026-001", carries_itself=True)
    signed = contracting.sign_contract(
        **late, proposal_id=first.pk, number="FW2026-002", carries_itself=True, late_reason="机构换届"
    )
    assert signed.late_reason == "机构换届"
    assert faults() == []


def test_late_material_fails_for_everybody(here: World) -> None:
    call = selections.announced()
    mine = selections.offered(call, here.organisation.pk)
    asked = selections.filed(call, here.second_organisation.pk)
    screening.ask_material(**manager(), proposal_id=asked.pk, ask="缺预算表，请补交")
    declared = rules_of(call, on=NOON.date()).value("declarations")
    late: dict[str, Any] = {"at": days_later(17), "proposal_id": mine.pk, "declared": declared}
    with pytest.raises(applying.TooLate, match="2026年9月30日"):
        applying.file_proposal(actor=of_organisation(here.organisation.pk), **late)
    with pytest.raises(applying.TooLate):
        applying.draft_proposal(
            actor=of_organisation(here.charity.pk), at=days_later(17), selection_id=call.pk, **selections.OFFER
        )
    with pytest.raises(applying.TooLate):
        applying.file_proposal(
            actor=of_organisation(here.second_organisation.pk),
            at=days_later(6),
            proposal_id=asked.pk,
            declared=declared,
        )
    assert applying.lapse_late(actor=SYSTEM, at=days_later(5)) == 0
    assert applying.lapse_late(actor=SYSTEM, at=days_later(6)) == 1
    assert applying.lapse_late(actor=SYSTEM, at=days_later(17)) == 1
    assert applying.lapse_late(actor=SYSTEM, at=days_later(17)) == 0
    assert [fresh(one).state for one in (call, mine, asked)] == [SelectionState.SCREENING, "lapsed", "lapsed"]


def test_the_registers_say_who_qualifies(here: World) -> None:
    call = selections.announced()
    grant = grants.grant(here.organisation)
    ask_rectification(
        **manager("social_worker"), project_id=grant.project_id, fault="缺签到表", due_on=date(2026, 10, 1)
    )
    group = organisations.organisation("夕阳红舞蹈队")
    Organisation.objects.filter(pk=group.pk).update(standing="filed")
    ban = banning.ban_organisation(
        **manager("district_manager"),
        organisation_id=here.second_organisation.pk,
        area_code=DISTRICT,
        reason="擅自转包项目",
    )
    Preset.objects.filter(key="selections.grade.least").update(value="5A")
    for pk in (here.organisation.pk, here.second_organisation.pk):
        selections.coded(pk)
    for organisation_id, words in (
        (here.organisation.pk, "没有未销号的整改：还有1项"), (group.pk, "依法登记：备案"),
        (here.second_organisation.pk, "没有禁止申报的记录：2029年9月13日前禁止申报"), (here.organisation.pk, "评估等级不低于5A"),
    ):  # fmt: skip
        one = Proposal.objects.filter(organisation_id=organisation_id).first() or selections.filed(
            call, organisation_id
        )
        with pytest.raises(screening.NotEligible, match=words):
            screening.pass_proposal(**manager(), proposal_id=one.pk)
        assert fresh(one).state == ProposalState.FILED
    with pytest.raises(SecondPerson):
        banning.lift_ban(**manager("district_manager"), ban_id=ban.pk, reason="已经整改到位")
    other = Actor(901, "另一个人", "district_manager", DISTRICT)
    with pytest.raises(Invalid):
        banning.lift_ban(actor=other, at=NOON, ban_id=ban.pk, reason=" ")
    banning.lift_ban(actor=other, at=NOON, ban_id=ban.pk, reason="已经整改到位")
    Preset.objects.filter(key="selections.grade.least").update(value="")
    screening.pass_proposal(**manager(), proposal_id=here.second_organisation.proposals.get().pk)
    with pytest.raises(Invalid):
        screening.bar_proposal(**manager(), proposal_id=group.proposals.get().pk, remark=" ")
    screening.bar_proposal(**manager(), proposal_id=group.proposals.get().pk, remark="没有登记")
    assert [one["met"] for one in fresh(group.proposals.get()).findings] == [False, True, True, True, True]


def test_each_juror_scores_alone_and_keeps_out_where_related(here: World) -> None:
    call = selections.announced()
    mine = selections.passed(call, here.organisation.pk)
    with pytest.raises(SecondPerson):
        judging.seat_juror(
            **manager("district_manager"),
            selection_id=call.pk,
            username=user_of(selections.MANAGER).username,
            side="expert",
        )
    with pytest.raises(Invalid):
        judging.seat_juror(**manager(), selection_id=call.pk, username=user_of("verifier").username, side="expert")
    selections.jury(call)
    with pytest.raises(Invalid, match="已经请过"):
        judging.seat_juror(**manager(), selection_id=call.pk, username=user_of("stranger").username, side="expert")
    juror = call.jurors.get(user_id=user_of("stranger").pk)
    parts = selections.points(90, call)
    given: dict[str, Any] = {"at": days_later(17), "juror_id": juror.pk, "proposal_id": mine.pk, "parts": parts}
    with pytest.raises(Conflict, match="不是评分的时间"):
        judging.score_proposal(actor=actor_of("stranger"), **given)
    selections.scoring(call)
    with pytest.raises(NotFound):
        judging.score_proposal(actor=actor_of("social_worker"), **given)
    with pytest.raises(NotAllowed):
        judging.score_proposal(actor=actor_of("charity_officer"), **given)
    for bad in ({**parts, "需求真实": 21}, {**parts, "需求真实": -1}, {"需求真实": 20}, {**parts, "送礼": 1}):
        with pytest.raises(Invalid):
            judging.score_proposal(actor=actor_of("stranger"), **{**given, "parts": bad})
    judging.score_proposal(actor=actor_of("stranger"), **given)
    judging.recuse(
        actor=actor_of("stranger"), at=days_later(17), juror_id=juror.pk, proposal_id=mine.pk, reason="亲属在机构任职"
    )
    assert not juror.scores.exists()
    with pytest.raises(judging.Related):
        judging.score_proposal(actor=actor_of("stranger"), **given)
    selections.scored(call, mine, dict.fromkeys(("social_worker", "community_worker", "elder"), 90))
    with pytest.raises(Conflict, match="回避以后只剩2位专家"):
        deciding.put_on_notice(**manager(at=days_later(17)), selection_id=call.pk)


def test_an_objection_that_is_upheld_opens_the_judging_again(here: World) -> None:
    call = selections.announced()
    mine = selections.passed(call, here.organisation.pk)
    selections.noticed(call, mine)
    said = selections.objected(call)
    with pytest.raises(Conflict, match="同样的异议"):
        selections.objected(call)
    with pytest.raises(Invalid):
        selections.objected(call, "不服")
    with pytest.raises(Conflict, match="1件异议没有答复"):
        deciding.decide_selection(**manager("district_manager", at=days_later(40)), selection_id=call.pk)
    answered: dict[str, Any] = {"objection_id": said.pk, "upheld": True, "answer": "核实属实，重新评审"}
    with pytest.raises(NotAllowed):
        deciding.answer_objection(**manager(at=days_later(19)), **answered)
    deciding.answer_objection(**manager("district_manager", at=days_later(19)), **answered)
    assert (fresh(call).state, fresh(mine).state, fresh(mine).rank) == (SelectionState.SCORING, "passed", None)
    selections.scored(call, mine, {"stranger": 61}, after=20)
    deciding.put_on_notice(**manager(at=days_later(20)), selection_id=call.pk)
    with pytest.raises(Conflict, match="不在公示期"):
        deciding.object_to(actor=SYSTEM, at=days_later(60), selection_id=call.pk, text="过了公示期才想起来有异议。")
    deciding.decide_selection(**manager("district_manager", at=days_later(40)), selection_id=call.pk)
    assert fresh(mine).state == ProposalState.WON


def test_a_purchase_goes_the_way_of_its_amount(here: World) -> None:
    assert [selections.drafted(**{**selections.PURCHASE, "budget_fen": fen}).way for fen in (
        29_999_999, 30_000_000, 199_999_999, 200_000_000)] == ["compare", "consult", "consult", "tender"]  # fmt: skip
    for change, field, words in (
        ({"listed_as": "豪华旅游"}, "listed_as", "指导性目录"), ({"title": "劳务派遣服务"}, "wanted", "用工和劳务派遣"),
        ({"ends_on": date(2031, 1, 1)}, "ends_on", "最长36个月"),
        ({"ends_on": date(9999, 1, 1)}, "ends_on", "太远"), ({"budget_fen": 0}, "budget_fen", "大于零"),
        ({"area_code": "511603"}, "area_code", "本辖区"), ({"due_on": NOON.date()}, "due_on", "今天以后"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            selections.drafted(**{**selections.PURCHASE, **change})
        assert words in refused.value.fields[field]
    short = selections.drafted(**{**selections.PURCHASE, "budget_fen": 200_000_000})
    with pytest.raises(Conflict, match="不能少于20天"):
        announcing.announce(**manager(), selection_id=short.pk)
    announcing.amend_selection(**manager(), selection_id=short.pk, changes={"due_on": date(2026, 10, 4)})
    announcing.announce(**manager(), selection_id=short.pk)
    with pytest.raises(MoveNotAllowed):
        announcing.amend_selection(**manager(), selection_id=short.pk, changes={"title": "改名的服务购买"})
    selections.passed(short, here.organisation.pk)
    selections.jury(short, public=())
    announcing.close_entry(**manager(at=days_later(21)), selection_id=short.pk)
    with pytest.raises(Conflict, match="资格通过的只有1份，至少要3份"):
        selections.scoring(fresh(short), after=21)
    announcing.cancel_selection(**manager(at=days_later(21)), selection_id=short.pk, reason="不足三家，重新招标")
    assert short.proposals.get().state == ProposalState.LOST


def test_a_purchase_takes_one_and_adds_no_more_than_a_tenth(here: World) -> None:
    call = selections.announced(**selections.PURCHASE)
    third = organisations.organisation("银龄社会服务中心")
    offers = [
        selections.passed(call, pk, asked_fen=fen)
        for pk, fen in (
            (here.organisation.pk, 9_000_000),
            (here.second_organisation.pk, 8_000_000),
            (third.pk, 10_000_000),
        )
    ]
    selections.jury(call, public=())
    selections.scoring(call)
    for one, total in zip(offers, (90, 88, 70), strict=True):
        selections.scored(call, one, dict.fromkeys(selections.EXPERTS, total))
    deciding.put_on_notice(**manager(at=days_later(17)), selection_id=call.pk)
    # 0.85 × 90 + 15 × 8/9 just before 0.85 × 88 + 15.
    assert [(p.pk, p.points, p.state) for p in public_ranking(fresh(call))] == [
        (offers[0].pk, 8983, "chosen"), (offers[1].pk, 8980, "passed"), (offers[2].pk, 7150, "passed"),
    ]  # fmt: skip
    deciding.decide_selection(**manager("district_manager", at=days_later(40)), selection_id=call.pk)
    winner = call.proposals.get(state=ProposalState.WON)
    contract = selections.contracted(call, winner)
    seen = contract_of(actor=of_organisation(winner.organisation_id), proposal_id=winner.pk)
    assert seen == contract
    with pytest.raises(NotFound):
        contract_of(actor=of_organisation(third.pk), proposal_id=winner.pk)
    assert (contract.publish_due_on, contract.file_due_on) == (date(2026, 10, 27), date(2026, 11, 3))
    who = manager("district_manager", at=days_later(60))
    tenth = contract.amount_fen // 10
    with pytest.raises(contracting.TooMuch, match="不能超过原合同的10%"):
        contracting.add_to_contract(**who, contract_id=contract.pk, amount_fen=tenth + 1, reason="增加送餐点")
    contracting.add_to_contract(**who, contract_id=contract.pk, amount_fen=tenth - 100_000, reason="增加送餐点")
    with pytest.raises(contracting.TooMuch):
        contracting.add_to_contract(**who, contract_id=contract.pk, amount_fen=100_001, reason="再增加一点")
    added = contracting.add_to_contract(**who, contract_id=contract.pk, amount_fen=100_000, reason="再增加一点")
    assert added.grant.tranches.get().amount_fen == 100_000
    contracting.note_filed(**who, contract_id=contract.pk)
    printed = contract_pdf(fresh(contract), issuer="广安区", address="https://example.org/selections/1/")
    assert printed.startswith(b"%PDF-")
    assert faults() == []


def test_strangers_see_and_do_nothing(here: World) -> None:
    call = selections.drafted()
    mine = selections.filed(selections.announced(), here.organisation.pk)
    far = Actor(902, "外街", "street_manager", OTHER_STREET)
    with pytest.raises(NotFound):
        announcing.announce(actor=far, at=NOON, selection_id=call.pk)
    with pytest.raises(NotFound):
        screening.pass_proposal(actor=far, at=NOON, proposal_id=mine.pk)
    with pytest.raises(NotFound):
        public_selection(call.pk)
    with pytest.raises(NotFound):
        applying.withdraw_proposal(actor=of_organisation(here.second_organisation.pk), at=NOON, proposal_id=mine.pk)
    for name in ("social_worker", "auditor", "organisation_a", "elder"):
        with pytest.raises(NotAllowed):
            announcing.announce(**manager(name), selection_id=call.pk)
    with pytest.raises(applying.AppliedAlready):
        selections.offered(fresh(mine.selection), here.organisation.pk)
    with pytest.raises(Invalid) as refused:
        selections.offered(
            fresh(mine.selection), here.second_organisation.pk, asked_fen=10_000_001, area_code=OTHER_STREET
        )
    assert set(refused.value.fields) == {"asked_fen", "area_code"}
    assert fresh(call).state == SelectionState.DRAFTED


def test_the_negative_list_is_read_by_its_words() -> None:
    lines = ["融资行为：融资、贷款", "空：", "没有词"]
    assert [barred_by(text, lines) for text in ("小额贷款服务", "助餐", "")] == ["融资行为", "", ""]
