"""Selections in the states of their life, through the services that lead there."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.factories import organisations
from tests.factories.cast import World, actor_of, user_of
from tests.factories.grants import meets
from tests.factories.places import COMMUNITY, NOON, STREET
from wushe.chain.projects.standards import DESIGN
from wushe.foundation.access.models import User
from wushe.foundation.actor import SYSTEM, Actor
from wushe.lines.selections import announcing, applying, banning, contracting, deciding, judging, screening
from wushe.lines.selections.models import Ban, Contract, Objection, Proposal, Selection
from wushe.lines.selections.rules import rules_of
from wushe.lines.selections.states import Side
from wushe.registers.organisations.models import Organisation

EXPERTS = ("social_worker", "community_worker", "stranger")
MANAGER = "charity_officer"
LONG = "走访发现六十户独居老人很少出门，没有人说话，希望有人定期上门陪伴。"
CALL = {
    "kind": "venture", "title": "2027年度为老服务公益创投", "area_code": STREET, "wanted": LONG, "listed_as": "",
    "source_class": "lottery", "budget_fen": 20_000_000, "limit_fen": 10_000_000, "due_on": date(2026, 9, 30),
    "starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31),
}  # fmt: skip
PURCHASE = {
    **CALL, "kind": "purchase", "title": "助餐服务购买", "listed_as": "助餐和助浴服务", "source_class": "government",
    "budget_fen": 10_000_000, "limit_fen": 0,
}  # fmt: skip
OFFER = {
    "title": "有人陪", "area_code": COMMUNITY, "purpose": LONG, "logic": LONG, "indicators": ["孤独感平均下降2分"],
    "people": 60, "asked_fen": 8_000_000, "papers": "预算表",
}  # fmt: skip


def manager(name: str = MANAGER, *, at: datetime = NOON) -> dict[str, Any]:
    """Return who runs a call, and when."""
    return {"actor": actor_of(name), "at": at}


def days_later(count: int) -> datetime:
    """Return noon so many days after the day of the tests."""
    return NOON + timedelta(days=count)


def drafted(title: str = "", *, area_code: str = STREET, **changes: Any) -> Selection:
    """Return a call that is not announced yet."""
    values = {**CALL, "area_code": area_code, **({"title": title} if title else {}), **changes}
    return announcing.draft_selection(**manager(), **values)


def announced(**changes: Any) -> Selection:
    """Return a call that takes proposals."""
    return announcing.announce(**manager(), selection_id=drafted(**changes).pk)


def of_organisation(organisation_id: int) -> Actor:
    """Return somebody who leads an organisation."""
    return Actor(70_000 + organisation_id, "机构负责人", "organisation_manager", organisation_id=organisation_id)


def offered(selection: Selection, organisation_id: int, **changes: Any) -> Proposal:
    """Return a proposal that is still being written."""
    return applying.draft_proposal(
        actor=of_organisation(organisation_id), at=NOON, selection_id=selection.pk, **{**OFFER, **changes}
    )


def filed(selection: Selection, organisation_id: int, **changes: Any) -> Proposal:
    """Return a proposal that waits for its screening."""
    made = offered(selection, organisation_id, **changes)
    declared = rules_of(selection, on=NOON.date()).value("declarations")
    return applying.file_proposal(
        actor=of_organisation(organisation_id), at=NOON, proposal_id=made.pk, declared=declared
    )  # fmt: skip


def coded(organisation_id: int) -> None:
    """Give an organisation a credit code of its own, as every registered one has."""
    Organisation.objects.filter(pk=organisation_id, uscc="").update(uscc=f"52511602{organisation_id:010d}")


def passed(selection: Selection, organisation_id: int, **changes: Any) -> Proposal:
    """Return a proposal that goes before the jury."""
    coded(organisation_id)
    return screening.pass_proposal(**manager(), proposal_id=filed(selection, organisation_id, **changes).pk)


def jury(selection: Selection, *, public: tuple[str, ...] = ("elder",)) -> None:
    """Seat three experts and somebody of the public."""
    for name in (*EXPERTS, *public):
        side = Side.EXPERT if name in EXPERTS else Side.PUBLIC
        judging.seat_juror(**manager(), selection_id=selection.pk, username=user_of(name).username, side=side)


def scoring(selection: Selection, *, after: int = 17) -> Selection:
    """Close entry and begin the scoring on the next day."""
    at = days_later(after)
    if selection.state == "open":
        announcing.close_entry(**manager(at=at), selection_id=selection.pk)
    return judging.begin_scoring(**manager(at=at), selection_id=selection.pk, defence_on=at.date())


def points(total: int, selection: Selection) -> dict[str, int]:
    """Spread a total over the criteria."""
    criteria, left, parts = rules_of(selection, on=NOON.date()).criteria, total, {}
    for one, most in criteria.items():
        parts[one] = min(most, left)
        left -= parts[one]
    return parts


def scored(selection: Selection, proposal: Proposal, totals: dict[str, int], *, after: int = 17) -> None:
    """Have jurors give their totals to a proposal."""
    for name, total in totals.items():
        juror = selection.jurors.get(user_id=user_of(name).pk)
        judging.score_proposal(
            actor=actor_of(name), at=days_later(after), juror_id=juror.pk, proposal_id=proposal.pk,
            parts=points(total, selection),
        )  # fmt: skip


def noticed(selection: Selection, *proposals: Proposal, total: int = 85) -> Selection:
    """Judge all and put the result on notice."""
    jury(selection)
    scoring(selection)
    for proposal in proposals:
        scored(selection, proposal, dict.fromkeys((*EXPERTS, "elder"), total))
    return deciding.put_on_notice(**manager(at=days_later(17)), selection_id=selection.pk)


def decided(selection: Selection, *proposals: Proposal) -> Selection:
    """Bring a selection to its result."""
    noticed(selection, *proposals)
    return deciding.decide_selection(**manager("district_manager", at=days_later(40)), selection_id=selection.pk)


def contracted(selection: Selection, proposal: Proposal, *, number: str = "FW2026-001", after: int = 41) -> Contract:
    """Write a winner up, hold it against the standard, and sign."""
    who = manager("district_manager", at=days_later(after))
    project = contracting.write_up(**who, proposal_id=proposal.pk)
    meets(project, DESIGN)
    return contracting.sign_contract(**who, proposal_id=proposal.pk, number=number, carries_itself=True)


def of_title(title: str, *, area_code: str) -> Proposal:
    """Return a filed proposal of an organisation of its own."""
    selection = announced(title=f"{title}的征集", area_code=STREET)
    return filed(selection, organisations.organisation(f"{title}服务中心").pk, title=title, area_code=area_code)


def banned(title: str, *, area_code: str) -> Ban:
    """Return a ban on an organisation of its own."""
    return banning.ban_organisation(
        **manager("district_manager"), organisation_id=organisations.organisation(title).pk, area_code=area_code,
        reason="擅自转包项目",
    )  # fmt: skip


def objected(selection: Selection, text: str = "第一名的机构没有做过养老服务，请核实。") -> Objection:
    """Return an objection to a result on notice."""
    return deciding.object_to(actor=SYSTEM, at=days_later(18), selection_id=selection.pk, text=text)


def one_of_each(w: World, *, at: datetime, jurors: dict[str, User]) -> dict[str, int | str]:
    """Return the keys of a call that takes proposals, of one before these jurors, and of an objection to a third.

    `jurors` gives the account that judges in each role.
    """
    open_call = announced(area_code=COMMUNITY, title="正在征集的公益创投")
    judged = announced(area_code=COMMUNITY, title="正在评审的公益创投")
    before = passed(judged, w.organisation.pk)
    for user in jurors.values():
        judging.seat_juror(**manager(), selection_id=judged.pk, username=user.username, side=Side.EXPERT)
    announcing.close_entry(**manager(at=days_later(17)), selection_id=judged.pk)
    judging.begin_scoring(**manager(at=days_later(17)), selection_id=judged.pk, defence_on=days_later(17).date())
    Selection.objects.filter(pk=judged.pk).update(defence_on=at.date())
    notice = announced(area_code=COMMUNITY, title="正在公示的公益创投")
    Selection.objects.filter(pk=notice.pk).update(
        state="noticed", noticed_on=at.date(), noticed_by=0, notice_until=at.date() + timedelta(days=9)
    )
    said = deciding.object_to(actor=SYSTEM, at=at, selection_id=notice.pk, text="第一名没有做过养老服务，请核实。")
    signed = announced(area_code=COMMUNITY, title="已经签约的公益创投")
    won = _won(signed, w.organisation.pk)
    ban = banning.ban_organisation(
        **manager("district_manager"), organisation_id=w.organisation.pk, area_code=COMMUNITY, reason="擅自转包项目"
    )
    seats = {f"juror:{role}": judged.jurors.get(user_id=user.pk).pk for role, user in jurors.items()}
    return {
        "selection": open_call.pk, "bid": before.pk, "ban": ban.pk, "objection": said.token,
        "contracted": contracted(signed, won, after=5).proposal_id, "juror": min(seats.values()), **seats,
    }  # fmt: skip


def _won(selection: Selection, organisation_id: int) -> Proposal:
    """Return a proposal that won, without the judging."""
    proposal = passed(selection, organisation_id)
    Proposal.objects.filter(pk=proposal.pk).update(state="won")
    Selection.objects.filter(pk=selection.pk).update(
        state="decided", noticed_by=0, notice_until=NOON.date(), decided_on=NOON.date(), decided_by=1
    )
    return proposal
