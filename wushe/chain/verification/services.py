"""Verification: rules look at every visit, people decide on those picked, and never on their own.

A visit that no rule, no complaint and no draw has picked passes by rule after the time for dispute. A refused visit
can be appealed once; then another person decides.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wushe.chain.dispatch.travel import metres_between
from wushe.chain.orders.services import record_visit_done
from wushe.chain.visits.models import Visit, VisitState
from wushe.chain.visits.workflow import VISIT
from wushe.foundation.access.models import Grant
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed
from wushe.foundation.scope import obtain
from wushe.foundation.workflow import MoveNotAllowed

from .facts import PolicyOfDay, read_facts
from .models import Check, CheckState, PickedFor
from .rules import Finding, findings
from .sampling import drawn
from .workflow import CHECK

LONGEST_REASON = 200
BY_RULE = "规则核查没有疑点，公示期满自动通过"
_PERFORMERS = ("carer", "volunteer")


class OwnVisit(NotAllowed):
    """Nobody verifies what they did or reported themselves."""

    message = "不能审核自己做的或补报的服务，请交给其他质控员。"


class SameDecider(NotAllowed):
    """An appeal is decided by another person than the first."""

    message = "这次服务是您上次审核的，申诉须由另一位质控员复核。"


class AppealedBefore(Conflict):
    """A refusal is appealed once."""

    message = "这次服务已经申诉过一次，复核结果为最终结果。"


class NotClean(Conflict):
    """Only visits without suspicion are accepted many at a time."""

    message = "选中的服务里有疑点或已被抽中人工审核的，请刷新后逐条审核。"


@domain_call("verification:sample")
def open_check(*, actor: Actor, at: datetime, visit_id: int) -> Check:
    """Look at an ended visit by the rules, and pick it for a person where they or chance say so.

    The second call for a visit returns the check of the first. Raises MoveNotAllowed for a visit that goes on.
    """
    if known := Check.objects.filter(visit_id=visit_id).first():
        return known
    visit = Visit.objects.select_related(
        "appointment__order__person", "appointment__order__organisation", "appointment__order__item", "worker"
    ).prefetch_related("evidence").get(pk=visit_id)  # fmt: skip
    if visit.state != VisitState.ENDED:
        raise MoveNotAllowed
    policy = PolicyOfDay(area_code=visit.area_code, at=visit.started_at)
    found = findings(read_facts(visit=visit, policy=policy), policy.thresholds, metres_between)
    check = Check(visit=visit, area_code=visit.area_code, opened_at=at)
    _write_findings(check, found)
    check.random_sample = drawn(what="audit", number=visit.pk, percent=float(policy["verification.audit.random"]))
    check.picked_for = _picked_for(check, policy)
    CHECK.start(
        check, event="open", actor=actor, at=at,
        data={"visit": visit.pk, "score": check.score, "picked_for": check.picked_for},
    )  # fmt: skip
    return check


@domain_call("verification:decide")
def accept_visit(*, actor: Actor, at: datetime, visit_id: int, reason: str = "") -> Check:
    """Accept a visit: it counts for its order and can be settled.

    Raises NotFound outside the actor's scope, OwnVisit, SameDecider on an appeal, MoveNotAllowed if it is decided
    already, and Conflict if the order has no visit left to count.
    """
    check = _to_decide(actor, visit_id)
    return _accept(check, actor=actor, at=at, reason=_checked(reason))


@domain_call("verification:decide")
def reject_visit(*, actor: Actor, at: datetime, visit_id: int, reason: str) -> Check:
    """Refuse a visit, with the reason; raises what accept_visit raises, and Invalid without a reason."""
    if not (reason := _checked(reason)):
        raise Invalid(fields={"reason": "请写明不通过的原因，机构会看到。"})
    check = _to_decide(actor, visit_id)
    CHECK.move(check, "reject", actor=actor, at=at, changes=_decision(actor, at, reason), data={"visit": visit_id})
    VISIT.move(check.visit, "reject", actor=actor, at=at)
    return check


@domain_call("verification:appeal")
def appeal_visit(*, actor: Actor, at: datetime, visit_id: int, reason: str) -> Check:
    """Ask for a second decision on a refused visit of the actor's organisation, once.

    Raises NotFound for another organisation's visit, MoveNotAllowed unless it was refused, AppealedBefore, and
    Invalid without a reason.
    """
    if not (reason := _checked(reason)):
        raise Invalid(fields={"reason": "请写明申诉理由。"})
    check = obtain(Check.objects.select_related("visit"), actor, visit_id=visit_id)
    CHECK.edge(check.state, "appeal")
    if check.appeal:
        raise AppealedBefore
    changes = {"appeal": reason, "picked_for": PickedFor.APPEAL}
    CHECK.move(check, "appeal", actor=actor, at=at, changes=changes, data={"visit": visit_id})
    VISIT.move(check.visit, "appeal", actor=actor, at=at)
    return check


@domain_call("verification:decide")
def accept_clean(*, actor: Actor, at: datetime, visit_ids: Sequence[int]) -> int:
    """Accept visits without suspicion, all or none; return how many.

    Raises NotFound outside the actor's scope, NotClean if one has been picked or decided since it was shown, and
    OwnVisit.
    """
    checks = [_to_decide(actor, visit_id) for visit_id in dict.fromkeys(visit_ids)]
    if not checks:
        raise Invalid("请先选择要通过的服务。")
    if any(check.state != CheckState.WAITING or check.picked_for for check in checks):
        raise NotClean
    for check in checks:
        _accept(check, actor=actor, at=at, reason="")
    return len(checks)


@domain_call("verification:sample")
def pass_clean(*, actor: Actor, at: datetime, limit: int = 500) -> int:
    """Accept by rule the visits that were not picked and whose time for dispute is over; return how many."""
    after = int(PolicyOfDay(area_code="", at=at)["verification.auto_pass.after"])
    clean = Check.objects.filter(
        state=CheckState.WAITING, picked_for="", opened_at__lte=at - timedelta(minutes=after)
    ).select_related("visit__appointment")  # fmt: skip
    passed = 0
    for check in clean.order_by("opened_at")[:limit]:
        order = check.visit.appointment.order
        if check.visit.appointment.seat == 1 and order.visits_done >= order.visits_ordered:
            pick(check=check, reason=PickedFor.SCORE)  # one visit too many: a person must say which counts
            continue
        _accept(check, actor=SYSTEM, at=at, reason=BY_RULE)
        passed += 1
    return passed


def add_finding(*, check: Check, finding: Finding) -> None:
    """Write down what was found after the check was opened, once per rule; whatever its state."""
    if any(known["rule"] == finding.rule for known in check.findings):
        return
    kept = [Finding(one["rule"], one["weight"], one["says"]) for one in check.findings]
    _write_findings(check, [finding, *kept])
    Check.objects.filter(pk=check.pk).update(findings=check.findings, score=check.score)


def pick(*, check: Check, reason: str) -> None:
    """Put a check that waits unpicked before a person."""
    if Check.objects.filter(pk=check.pk, state=CheckState.WAITING, picked_for="").update(picked_for=reason):
        check.picked_for = reason


def _write_findings(check: Check, found: Sequence[Finding]) -> None:
    check.findings = [finding.as_json() for finding in found]
    check.score = sum(finding.weight for finding in found)


def _picked_for(check: Check, policy: PolicyOfDay) -> str:
    """Return why a person must look at it, the gravest reason first; "" for a clean visit."""
    rating = getattr(check.visit, "rating", None)
    if rating and rating.score <= int(policy["verification.low_rating.line"]):
        return PickedFor.LOW_RATING
    # What an organisation reported itself never passes by rule, whatever a region makes of the weights.
    if check.visit.reported_by or check.score > int(policy["verification.auto_pass.score"]):
        return PickedFor.SCORE
    if is_first_visit(check.visit):
        return PickedFor.FIRST
    return PickedFor.RANDOM if check.random_sample else ""


def is_first_visit(visit: Visit) -> bool:
    """Say whether nobody had visited this person before."""
    order = visit.appointment.order
    earlier = Visit.objects.filter(appointment__order__person_id=order.person_id, started_at__lt=visit.started_at)
    return not earlier.exclude(pk=visit.pk).exists()


def _to_decide(actor: Actor, visit_id: int) -> Check:
    """Return the check for a decision by this actor; raise NotFound, OwnVisit or SameDecider."""
    check = obtain(Check.objects.select_related("visit__appointment"), actor, visit_id=visit_id)
    own = Grant.objects.filter(
        user_id=actor.user_id, role_code__in=_PERFORMERS, holder_id=check.visit.worker_id
    )  # fmt: skip
    if check.visit.reported_by == actor.user_id or own.exists():
        raise OwnVisit
    if check.appeal and check.decided_by == actor.user_id:
        raise SameDecider
    return check


def _accept(check: Check, *, actor: Actor, at: datetime, reason: str) -> Check:
    CHECK.move(
        check, "accept", actor=actor, at=at, changes=_decision(actor, at, reason), data={"visit": check.visit_id}
    )
    VISIT.move(check.visit, "accept", actor=actor, at=at)
    appointment = check.visit.appointment
    if appointment.seat == 1:
        # A service by two people is one visit of the order; the first seat carries the count.
        record_visit_done(actor=actor, at=at, order_id=appointment.order_id)
    return check


def _decision(actor: Actor, at: datetime, reason: str) -> dict[str, object]:
    return {"decided_at": at, "decided_by": actor.user_id, "reason": reason}


def _checked(reason: str) -> str:
    if len(reason := reason.strip()) > LONGEST_REASON:
        raise Invalid(fields={"reason": f"最多{LONGEST_REASON}字，请写得短一些。"})
    return reason
