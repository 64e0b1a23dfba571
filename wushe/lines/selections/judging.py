"""Judging: jurors are seated by their own accounts, keep out where they are related, and each scores alone."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.access.selectors import grants_of
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound, SecondPerson
from wushe.foundation.journal.services import record
from wushe.foundation.roles import ROLES
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain

from .accounts import account_named, organisations_of
from .announcing import RIGHT
from .models import Juror, Proposal, Recusal, Score, Selection
from .rules import rules_of
from .states import JUDGED, ProposalState, SelectionState, Side
from .workflow import PROPOSAL, SELECTION

SCORE = "selections:score"


class Related(Conflict):
    """Who is related to an applicant does not judge it."""

    message = "您已经回避这个项目，不能评分。"


@domain_call(RIGHT)
def seat_juror(*, actor: Actor, at: datetime, selection_id: int, username: str, side: str) -> Juror:
    """Invite somebody with an account of their own to judge, before scoring begins.

    Raises NotFound, Conflict once scoring has begun, SecondPerson for who runs the call, Invalid for an account that may
    not judge or sits already.
    """
    selection, today = obtain(Selection.objects.select_for_update(), actor, pk=selection_id), timezone.localdate(at)
    if selection.state not in (SelectionState.OPEN, SelectionState.SCREENING):
        raise Conflict("评委要在发布以后、评审开始以前聘请。")
    if side not in Side.values:
        raise Invalid(fields={"side": "请选择专家还是大众。"})
    user = account_named(username.strip())
    if user is not None and user.pk in (actor.user_id, selection.opened_by):
        raise SecondPerson("经办征集的人不能当评委。")
    if user is None or not any(SCORE in ROLES[g.role_code].permissions for g in grants_of(user=user, on=today)):
        raise Invalid(fields={"username": "没有这个登录名，或者这个账号的身份不能当评委。"})
    if selection.jurors.filter(user_id=user.pk).exists():
        raise Invalid(fields={"username": "这位评委已经请过了。"})
    juror = Juror.objects.create(
        selection=selection, user_id=user.pk, name=user.name, side=side, seated_by=actor.user_id, seated_on=today
    )  # fmt: skip
    record(kind="selection.seat", subject=selection, actor=actor, at=at, data={"juror": juror.pk, "side": side})
    return juror


@domain_call(RIGHT)
def begin_scoring(*, actor: Actor, at: datetime, selection_id: int, defence_on: date) -> Selection:
    """Name the day of the defence and let the jury score; whoever belongs to an applicant is kept out by rule.

    Raises NotFound, MoveNotAllowed, Conflict while something is not screened, for too few proposals or experts.
    """
    selection = obtain(Selection.objects.select_for_update(), actor, pk=selection_id)
    SELECTION.edge(selection.state, "judge")
    today = timezone.localdate(at)
    rules, proposals = rules_of(selection, on=today), list(selection.proposals.filter(state=ProposalState.PASSED))
    if not today <= defence_on < selection.starts_on:
        raise Invalid(fields={"defence_on": "答辩日期应在今天以后、项目开始以前。"})
    waiting = selection.proposals.filter(state__in=[ProposalState.FILED, ProposalState.ASKED]).count()
    if waiting:
        raise Conflict(f"还有{waiting}份申报没有审查完。")
    if len(proposals) < rules.least_proposals:
        raise Conflict(f"资格通过的只有{len(proposals)}份，至少要{rules.least_proposals}份；不够的应当终止后重新征集。")
    experts, least = selection.jurors.filter(side=Side.EXPERT).count(), int(rules.value("experts.least"))
    if experts < least or experts % 2 == 0:
        raise Conflict(f"专家评委要{least}位以上，并且是单数；现在有{experts}位。")
    _keep_out_related(selection, proposals, on=today)
    SELECTION.move(selection, "judge", actor=actor, at=at, changes={"defence_on": defence_on})
    return selection


@domain_call(SCORE)
def recuse(*, actor: Actor, at: datetime, juror_id: int, proposal_id: int, reason: str) -> Recusal:
    """Keep out of judging one proposal, whatever was scored before; raises NotFound, Conflict, Invalid."""
    juror, proposal = _seat(actor, juror_id, proposal_id)
    reason = said(reason, "reason", most=100, ask="请写明回避的原因")
    juror.scores.filter(proposal=proposal).delete()
    recusal, _ = Recusal.objects.get_or_create(juror=juror, proposal=proposal, defaults={"reason": reason})
    record(kind="proposal.recuse", subject=proposal, actor=actor, at=at, data={"juror": juror.pk})
    return recusal


@domain_call(SCORE)
def score_proposal(
    *, actor: Actor, at: datetime, juror_id: int, proposal_id: int, parts: Mapping[str, int], words: str = ""
) -> Score:
    """Give one's own points by criterion, from the day of the defence on; may be changed until the result is on notice.

    Raises NotFound, Conflict outside the time of scoring, Related, Invalid for points that the criteria do not have.
    """
    juror, proposal = _seat(actor, juror_id, proposal_id)
    selection, today = juror.selection, timezone.localdate(at)
    if selection.defence_on and today < selection.defence_on:
        raise Conflict(f"{selection.defence_on:%Y年%-m月%-d日}答辩以后才能评分。")
    if juror.recusals.filter(proposal=proposal).exists():
        raise Related
    criteria = rules_of(selection, on=today).criteria
    if set(parts) != set(criteria) or any(not 0 <= parts[one] <= most for one, most in criteria.items()):
        raise Invalid("每一项都要打分，不超过这一项的满分。")
    given = {
        "parts": dict(parts), "total": sum(parts.values()), "words": words.strip()[:300], "scored_on": today
    }  # fmt: skip
    score, _ = Score.objects.update_or_create(juror=juror, proposal=proposal, defaults=given)
    record(kind="proposal.score", subject=proposal, actor=actor, at=at, data={"juror": juror.pk, "total": score.total})
    return score


@domain_call(RIGHT)
def fix_sum(*, actor: Actor, at: datetime, proposal_id: int, fixed_fen: int) -> Proposal:
    """Write down the sum that the jury fixed at the defence, never more than was asked for.

    Raises NotFound, MoveNotAllowed, Conflict outside the time of scoring or for a purchase, Invalid.
    """
    proposal = obtain(Proposal.objects.select_related("selection"), actor, pk=proposal_id)
    if proposal.selection.state != SelectionState.SCORING or proposal.selection.way:
        raise Conflict("只有公益创投在评审期间可以核定金额。")
    if not 0 < fixed_fen <= proposal.asked_fen:
        raise Invalid(fields={"fixed_fen": "核定金额应大于零，不超过申请金额。"})
    PROPOSAL.move(proposal, "fix", actor=actor, at=at, changes={"fixed_fen": fixed_fen}, data={"fen": fixed_fen})
    return proposal


def _seat(actor: Actor, juror_id: int, proposal_id: int) -> tuple[Juror, Proposal]:
    """Return one's own seat and a proposal of its selection, while the jury scores; raise NotFound, Conflict."""
    juror = Juror.objects.select_related("selection").filter(pk=juror_id, user_id=actor.user_id).first()
    if juror is None:
        raise NotFound
    proposal = juror.selection.proposals.filter(pk=proposal_id, state__in=JUDGED).first()
    if proposal is None:
        raise NotFound
    # Held, so that no score comes while the result is counted.
    if Selection.objects.select_for_update().get(pk=juror.selection_id).state != SelectionState.SCORING:
        raise Conflict("现在不是评分的时间。")
    return juror, proposal


def _keep_out_related(selection: Selection, proposals: list[Proposal], *, on: date) -> None:
    for juror in selection.jurors.all():
        own = organisations_of(juror.user_id, on=on)
        for proposal in proposals:
            if proposal.organisation_id in own:
                Recusal.objects.get_or_create(juror=juror, proposal=proposal, defaults={"reason": "在申报机构任职"})
