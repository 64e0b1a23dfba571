"""The result: counted from the scores, put on notice, objected to and answered, and confirmed by another hand."""

from datetime import datetime
from secrets import token_urlsafe

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound, SecondPerson
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain
from wushe.foundation.workdays.selectors import end_after_working_days

from .announcing import RIGHT
from .models import Objection, Proposal, Selection
from .ranking import Offer, Place, ranked
from .rules import rules_of
from .states import JUDGED, ObjectionState, ProposalState, SelectionState, Side
from .workflow import OBJECTION, PROPOSAL, SELECTION

DECIDE = "selections:decide"
MOST_A_DAY = 20
MOST_CHOSEN = 1000


@domain_call(RIGHT)
def put_on_notice(*, actor: Actor, at: datetime, selection_id: int) -> Selection:
    """Count the scores, choose in the order of the ranking as far as the money reaches, and put it on notice.

    Raises NotFound, MoveNotAllowed, Conflict while a score is missing or if nothing reaches the pass line.
    """
    selection = obtain(Selection.objects.select_for_update(), actor, pk=selection_id)
    SELECTION.edge(selection.state, "notice")
    today = timezone.localdate(at)
    rules = rules_of(selection, on=today)
    proposals = {one.pk: one for one in selection.proposals.filter(state=ProposalState.PASSED).order_by("pk")}
    least = int(rules.value("experts.least"))
    places = ranked(
        [_offer(selection, one, least=least) for one in proposals.values()], rules.weights, budget_fen=selection.budget_fen,
        pass_points=int(rules.value("pass_points")), most=1 if selection.way else MOST_CHOSEN,
    )  # fmt: skip
    if not any(place.chosen for place in places):
        raise Conflict("没有达到及格线、预算又够的项目，应当终止这次征集。")
    for place in places:
        PROPOSAL.move(proposals[place.pk], "place", actor=actor, at=at, changes=_told(place))
        if place.chosen:
            PROPOSAL.move(proposals[place.pk], "choose", actor=actor, at=at, data={"fen": place.fen})
    changes = {"noticed_on": today, "noticed_by": actor.user_id, "notice_until": rules.notice_until}
    SELECTION.move(selection, "notice", actor=actor, at=at, changes=changes)
    return selection


@domain_call(None)
def object_to(*, actor: Actor, at: datetime, selection_id: int, text: str) -> Objection:
    """Object to a result on notice, without signing in; raises NotFound, Invalid, Conflict out of time or too often."""
    selection = Selection.objects.filter(pk=selection_id, state=SelectionState.NOTICED).first()
    today = timezone.localdate(at)
    if selection is None or selection.notice_until is None or today > selection.notice_until:
        raise Conflict("这次征集现在不在公示期，不能提异议。")
    text = text.strip()
    if not 10 <= len(text) <= 500:
        raise Invalid(fields={"text": "请写明对哪个项目、什么地方有异议（10到500个字）。"})
    same_day = selection.objections.filter(raised_at__date=today)
    if same_day.filter(text=text).exists():
        raise Conflict("同样的异议今天已经有人提过，请等答复。")
    if same_day.count() >= MOST_A_DAY:
        raise Conflict("今天的异议太多，请明天再来。")
    days = int(rules_of(selection, on=today).value("objection.answer_days"))
    objection = Objection(
        selection=selection, text=text, token=token_urlsafe(32), raised_at=at,
        due_at=end_after_working_days(at=at, count=days, area_code=selection.area_code),
    )  # fmt: skip
    OBJECTION.start(objection, event="raise", actor=actor, at=at, data={"selection": selection.pk})
    return objection


@domain_call(DECIDE)
def answer_objection(*, actor: Actor, at: datetime, objection_id: int, upheld: bool, answer: str) -> Objection:
    """Answer an objection by another hand than the one that gave notice; one that is upheld opens the judging again.

    Raises NotFound, MoveNotAllowed, SecondPerson, Invalid.
    """
    objection = obtain(Objection.objects.select_related("selection"), actor, pk=objection_id)
    selection = objection.selection
    if actor.user_id == selection.noticed_by:
        raise SecondPerson("公示结果的人不能自己答复异议，请由另一个人办理。")
    answer = said(answer, "answer", least=4, most=500, ask="请写答复")
    changes = {"answer": answer, "answered_at": at, "answered_by": actor.user_id}
    OBJECTION.move(objection, "uphold" if upheld else "dismiss", actor=actor, at=at, changes=changes)
    if upheld and selection.state == SelectionState.NOTICED:
        _rejudge(selection, answer[:200], actor=actor, at=at)
    return objection


@domain_call(DECIDE)
def decide_selection(*, actor: Actor, at: datetime, selection_id: int) -> Selection:
    """Confirm a result after its notice, by another hand than the one that gave it.

    Raises NotFound, MoveNotAllowed, SecondPerson, Conflict during the notice or while an objection waits.
    """
    selection = obtain(Selection.objects.select_for_update(), actor, pk=selection_id)
    SELECTION.edge(selection.state, "decide")
    today = timezone.localdate(at)
    if actor.user_id == selection.noticed_by:
        raise SecondPerson
    if selection.notice_until and today <= selection.notice_until:
        raise Conflict(f"要公示到{selection.notice_until:%Y年%-m月%-d日}，过了这一天才能确定。")
    if waiting := selection.objections.filter(state=ObjectionState.RAISED).count():
        raise Conflict(f"还有{waiting}件异议没有答复。")
    SELECTION.move(selection, "decide", actor=actor, at=at, changes={"decided_on": today, "decided_by": actor.user_id})
    for proposal in selection.proposals.filter(state__in=[ProposalState.CHOSEN, ProposalState.PASSED]).order_by("pk"):
        PROPOSAL.move(proposal, "win" if proposal.state == ProposalState.CHOSEN else "lose", actor=actor, at=at)
    return selection


def objection_by(token: str) -> Objection:
    """Return the objection that was handed this secret; raise NotFound."""
    found = Objection.objects.select_related("selection").filter(token=token).first()
    if found is None:
        raise NotFound("没有找到这件异议。")
    return found


def _offer(selection: Selection, proposal: Proposal, *, least: int) -> Offer:
    """Return a proposal with everybody's points; raise Conflict while somebody has neither scored nor recused."""
    kept_out = set(proposal.recusals.values_list("juror_id", flat=True))
    points = dict(proposal.scores.values_list("juror_id", "total"))
    voices = [juror for juror in selection.jurors.all() if juror.pk not in kept_out]
    if missing := [juror.name for juror in voices if juror.pk not in points]:
        raise Conflict(f"“{proposal.title}”还缺{'、'.join(missing[:3])}的评分。")
    expert = tuple(points[juror.pk] for juror in voices if juror.side == Side.EXPERT)
    if len(expert) < least:
        raise Conflict(f"“{proposal.title}”回避以后只剩{len(expert)}位专家，至少要{least}位，请增补专家或终止。")
    public = tuple(points[juror.pk] for juror in voices if juror.side == Side.PUBLIC)
    return Offer(proposal.pk, proposal.sum_fen, expert, public)


_COUNTED = ("expert_points", "public_points", "price_points", "points", "rank")


def _told(place: Place) -> dict[str, int | None]:
    return dict(zip(_COUNTED, (place.expert, place.public, place.price, place.points, place.rank), strict=True))


def _rejudge(selection: Selection, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take the result back; the scores stand until their jurors change them."""
    SELECTION.move(selection, "rejudge", actor=actor, at=at, changes={"outcome": reason, "notice_until": None})
    for proposal in selection.proposals.filter(state__in=JUDGED).order_by("pk"):
        event = "reopen" if proposal.state == ProposalState.CHOSEN else "place"
        PROPOSAL.move(proposal, event, actor=actor, at=at, changes=dict.fromkeys(_COUNTED))
