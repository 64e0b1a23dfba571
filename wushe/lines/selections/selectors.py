"""Read selections: what an applicant may see, a juror's own seats, and what everybody sees."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.roles import Reach
from wushe.foundation.scope import covering, visible, within

from .models import Contract, Juror, Objection, Proposal, Score, Selection
from .states import JUDGED, SHOWN, ObjectionState, ProposalState, SelectionState


def selections_near(actor: Actor) -> "QuerySet[Selection]":
    """Return the selections of the actor's area and above it; an organisation sees all that are announced."""
    rows = Selection.objects.all()
    if actor.reach is Reach.ORGANISATION:
        return rows.filter(state__in=SHOWN)
    if actor.reach is Reach.AREA and actor.area_code:
        return rows.filter(within(actor.area_code) | covering(actor.area_code))
    return visible(rows, actor)


def selection_for(*, actor: Actor, selection_id: int, held: bool = False) -> Selection:
    """Return a selection that the actor may see; raise NotFound."""
    rows = selections_near(actor)
    found = (rows.select_for_update() if held else rows).filter(pk=selection_id).first()
    if found is None:
        raise NotFound
    return found


def proposals_of(*, actor: Actor, selection: Selection) -> "QuerySet[Proposal]":
    """Return the proposals in a selection that the actor may see, in the order of the ranking; no drafts of others."""
    rows = visible(selection.proposals.select_related("organisation"), actor)
    if actor.reach is not Reach.ORGANISATION:
        rows = rows.exclude(state=ProposalState.DRAFTED)
    return rows.order_by("rank", "-filed_on", "pk")


@dataclass(frozen=True, slots=True)
class ToJudge:
    """One proposal before a juror: what they said of it, if anything."""

    proposal: Proposal
    score: Score | None
    recused: str


def seats_of(*, actor: Actor) -> list[Juror]:
    """Return one's own seats in juries, the newest first; raise NotAllowed."""
    actor.require("selections:score")
    return list(Juror.objects.filter(user_id=actor.user_id).select_related("selection").order_by("-pk"))


def to_judge(*, actor: Actor, juror: Juror) -> list[ToJudge]:
    """Return what stands before a juror once scoring has begun."""
    if juror.user_id != actor.user_id or juror.selection.state not in (
        SelectionState.SCORING, SelectionState.NOTICED, SelectionState.DECIDED
    ):  # fmt: skip
        return []
    scores = {one.proposal_id: one for one in juror.scores.all()}
    recused = dict(juror.recusals.values_list("proposal_id", "reason"))
    proposals = juror.selection.proposals.filter(state__in=JUDGED).select_related("organisation").order_by("pk")
    return [ToJudge(one, scores.get(one.pk), recused.get(one.pk, "")) for one in proposals]


def seat_of(*, actor: Actor, juror_id: int) -> Juror:
    """Return one's own seat; raise NotAllowed, NotFound."""
    for juror in seats_of(actor=actor):
        if juror.pk == juror_id:
            return juror
    raise NotFound


def public_selections(*, text: str = "", kind: str = "", state: str = "") -> "QuerySet[Selection]":
    """Return what everybody may see, the newest first."""
    rows = Selection.objects.filter(state__in=SHOWN)
    if text:
        rows = rows.filter(Q(title__contains=text) | Q(wanted__contains=text))
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return rows.annotate(count=Count("proposals", filter=Q(proposals__filed_on__isnull=False))).order_by("-pk")


def public_selection(pk: int) -> Selection:
    """Return one public selection; raise NotFound."""
    found = public_selections().filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def public_ranking(selection: Selection) -> "QuerySet[Proposal]":
    """Return the ranking while it is on notice and afterwards; nothing before."""
    rows = selection.proposals.filter(rank__isnull=False).select_related("organisation", "contract").order_by("rank")
    return rows if selection.state in (SelectionState.NOTICED, SelectionState.DECIDED) else rows.none()


def public_contracts(selection: Selection) -> "QuerySet[Contract]":
    """Return the contracts that were made public."""
    rows = Contract.objects.filter(proposal__selection=selection, published_on__isnull=False)
    return rows.select_related("proposal__organisation").order_by("pk")


def answered_objections(selection: Selection) -> "QuerySet[Objection]":
    """Return the objections that were answered: the answer is public, the words of who objected are not."""
    return selection.objections.exclude(state=ObjectionState.RAISED).order_by("-answered_at")
