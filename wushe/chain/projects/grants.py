"""Money in tranches: tranche k waits for report k accepted, for the tranche before it, and for all rectifications."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.quantities import show_fen
from wushe.foundation.scope import DISTRICT, obtain
from wushe.ledgers.models import Account, AccountKind, LedgerUnit
from wushe.ledgers.services import open_account, post, reverse_entry

from .models import (
    BudgetLine,
    Grant,
    Project,
    ProjectState,
    RectificationState,
    Report,
    ReportState,
    Tranche,
    TrancheState,
)
from .standards import CLOSING, DESIGN, unmet_clauses
from .workflow import REPORT, TRANCHE


class TrancheHeld(Conflict):
    """What a tranche waits for has not come."""


class SameHand(Conflict):
    """Who agreed to a payment does not pay it."""

    message = "同意拨付的人不能自己付款，请换一个人办理。"


@domain_call("projects:approve")
def agree_grant(
    *, actor: Actor, at: datetime, project_id: int, line_id: int, title: str, amount_fen: int,
    shares: Sequence[int] = (), agreed_on: date | None = None,
) -> Grant:  # fmt: skip
    """Promise money of a budget line to the carrier, in tranches of so many percent (the preset's without any).

    Raises NotFound, Conflict for a project that does not run, has no term or does not meet the design clauses of the
    standard, Invalid for a title, shares, or a sum that the line no longer has free.
    """
    project = obtain(Project.objects.select_for_update(), actor, pk=project_id)
    line = obtain(BudgetLine.objects.select_related("account"), actor, pk=line_id, project=project)
    day = agreed_on or timezone.localdate(at)
    parts = list(shares or preset("projects.tranches", area_code=project.area_code, on=day))
    _check_grant(project, line, title=title, amount_fen=amount_fen, parts=parts, on=day)
    grant = Grant.objects.create(
        project=project, line=line, title=title.strip(), amount_fen=amount_fen, agreed_on=day, agreed_by=actor.user_id
    )
    data = {"grant": grant.pk, "line": line.pk, "fen": amount_fen, "shares": parts}
    record(kind="project.grant", subject=project, actor=actor, at=at, data=data)
    days = int(preset("projects.match.report_days", area_code=project.area_code, on=day))
    nodes = report_nodes(project, day, len(parts))
    for number, (fen, (node, paper)) in enumerate(zip(split(amount_fen, parts), nodes, strict=True), start=1):
        tranche = Tranche(grant=grant, number=number, amount_fen=fen)
        TRANCHE.start(tranche, event="plan", actor=actor, at=at)
        report = Report(tranche=tranche, title=paper, due_on=node + timedelta(days=days))
        REPORT.start(report, event="await", actor=actor, at=at)
    return grant


@domain_call("projects:approve")
def release_tranche(*, actor: Actor, at: datetime, tranche_id: int) -> Tranche:
    """Agree that a tranche is paid; raise NotFound, MoveNotAllowed, TrancheHeld with all that it waits for."""
    tranche = _held(actor, tranche_id)
    TRANCHE.edge(tranche.state, "release")
    _check_free(tranche, at)
    TRANCHE.move(
        tranche, "release", actor=actor, at=at,
        changes={"released_by": actor.user_id, "released_on": timezone.localdate(at)},
    )  # fmt: skip
    return tranche


@domain_call("projects:pay")
def pay_tranche(*, actor: Actor, at: datetime, tranche_id: int, voucher: str) -> Tranche:
    """Pay a released tranche from its budget line; by another person, with a voucher that pays once.

    Raises NotFound, MoveNotAllowed, SameHand, TrancheHeld if something came in between, Invalid for the voucher,
    InsufficientBalance.
    """
    tranche = _held(actor, tranche_id)
    TRANCHE.edge(tranche.state, "pay")
    if tranche.released_by == actor.user_id:
        raise SameHand
    _check_free(tranche, at)
    voucher = voucher.strip()
    if not 4 <= len(voucher) <= 60:
        raise Invalid(fields={"voucher": "请填写付款凭证号（4到60个字）。"})
    if Tranche.objects.filter(voucher=voucher).exists():
        raise Invalid(fields={"voucher": "这张凭证已经付过款，不能再付一次。"})
    grant = tranche.grant
    entry = post(
        actor=actor, at=at, key=f"tranche:{tranche.pk}", memo=f"拨付{tranche}：{grant.title}",
        legs=[(grant.line.account_id, -tranche.amount_fen),
              (_paid_out(grant.project, actor, at).pk, tranche.amount_fen)],
    )  # fmt: skip
    changes = {"paid_by": actor.user_id, "paid_on": timezone.localdate(at), "voucher": voucher, "entry": entry}
    TRANCHE.move(tranche, "pay", actor=actor, at=at, changes=changes, data={"fen": tranche.amount_fen})
    return tranche


@domain_call("projects:approve")
def withdraw_tranche(*, actor: Actor, at: datetime, tranche_id: int, reason: str) -> Tranche:
    """Take back the consent to a payment that has not been made; raise NotFound, Invalid, MoveNotAllowed."""
    return _move_with_reason(actor, at, tranche_id, "withdraw", reason)


@domain_call("projects:approve")
def stop_tranche(*, actor: Actor, at: datetime, tranche_id: int, reason: str) -> Tranche:
    """Stop a tranche for good; its money stays on the line. Raises NotFound, Invalid, MoveNotAllowed."""
    return _move_with_reason(actor, at, tranche_id, "stop", reason)


@domain_call("projects:approve")
def recover_tranche(*, actor: Actor, at: datetime, tranche_id: int, reason: str) -> Tranche:
    """Book that a paid tranche came back, by reversal; raise NotFound, Invalid, MoveNotAllowed."""
    tranche = _move_with_reason(actor, at, tranche_id, "recover", reason)
    assert tranche.entry_id is not None
    reverse_entry(actor=actor, at=at, entry_id=tranche.entry_id, memo="项目资金追回")
    return tranche


def held_because(tranche: Tranche, *, on: date) -> list[str]:
    """Return everything that a tranche waits for; [] if it may be paid."""
    project = tranche.grant.project
    reasons = []
    if project.state != ProjectState.RUNNING:
        reasons.append(f"项目{project.get_state_display()}，不在实施中")
    if tranche.report.state != ReportState.ACCEPTED:
        reasons.append(f"《{tranche.report.title}》{tranche.report.get_state_display()}")
    siblings = tranche.grant.tranches.order_by("number")
    waiting = [one for one in siblings if one.number < tranche.number and one.state != TrancheState.PAID]
    if waiting:
        reasons.append(f"{waiting[0]}{waiting[0].get_state_display()}")
    if unsolved := project.rectifications.exclude(state=RectificationState.CLOSED).count():
        reasons.append(f"还有{unsolved}项整改没有销号")
    if tranche.number == len(siblings) and (lack := unmet_clauses(project, CLOSING, on=on)):
        reasons.append(f"项目标准的结项条款还有{len(lack)}条没有达到")
    return reasons


def split(amount_fen: int, shares: Sequence[int]) -> list[int]:
    """Return the parts of a sum by percent; what rounding leaves goes to the last, so that they sum to it."""
    parts = [amount_fen * share // 100 for share in shares[:-1]]
    return [*parts, amount_fen - sum(parts)]


def report_nodes(project: Project, agreed_on: date, count: int) -> list[tuple[date, str]]:
    """Return when each report becomes due and what it is: the plan at the start, the final account at the end."""
    starts, ends = project.starts_on, project.ends_on
    assert starts is not None
    assert ends is not None
    first, term = max(starts, agreed_on), max(ends, agreed_on)
    if count == 1:
        return [(term, "末期报告和决算")]
    titles = ["实施方案", *(["中期报告"] if count == 3 else [f"中期报告（{n}）" for n in range(1, count - 1)])]
    days = (term - first).days
    return [
        (first + timedelta(days=days * number // (count - 1)), title)
        for number, title in enumerate([*titles[: count - 1], "末期报告和决算"])
    ]


def free_of(line: BudgetLine) -> int:
    """Return what a budget line has that no tranche is still to take."""
    promised = Tranche.objects.filter(grant__line=line, state__in=[TrancheState.PLANNED, TrancheState.RELEASED])
    return line.account.balance - (promised.aggregate(total=Sum("amount_fen"))["total"] or 0)


def _check_grant(
    project: Project, line: BudgetLine, *, title: str, amount_fen: int, parts: list[int], on: date
) -> None:
    if project.state != ProjectState.RUNNING:
        raise Conflict("项目启动以后才能约定拨款。")
    if project.ends_on is None or project.starts_on is None:
        raise Conflict("项目没有写明起止日期，不能约定拨款。")
    if lack := unmet_clauses(project, DESIGN, on=on):
        raise Conflict(f"项目标准的立项条款还有{len(lack)}条没有达到：{lack[0]}")
    faults = {}
    if not 2 <= len(title.strip()) <= 60:
        faults["title"] = "请填写名称（2到60个字）。"
    if not parts or min(parts) <= 0 or sum(parts) != 100 or len(parts) > 6:
        faults["shares"] = "各批比例应大于零，合计100，最多六批。"
    if not 100 * len(parts) <= amount_fen:
        faults["amount_fen"] = "金额太小，不够分批拨付。"
    elif amount_fen > (free := free_of(line)):
        faults["amount_fen"] = f"科目“{line.title}”没有约定出去的钱只有{show_fen(free)}。"
    if faults:
        raise Invalid(fields=faults)


def _check_free(tranche: Tranche, at: datetime) -> None:
    if reasons := held_because(tranche, on=timezone.localdate(at)):
        raise TrancheHeld(f"{tranche}还不能拨付：{'；'.join(reasons)}。")


def _move_with_reason(actor: Actor, at: datetime, tranche_id: int, event: str, reason: str) -> Tranche:
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明原因。"})
    tranche = _held(actor, tranche_id)
    TRANCHE.move(tranche, event, actor=actor, at=at, data={"reason": reason.strip()})
    return tranche


def _held(actor: Actor, tranche_id: int) -> Tranche:
    """Return a tranche with its project held, so that no rectification comes between the check and the act."""
    tranche = obtain(Tranche.objects.select_related("grant__line"), actor, pk=tranche_id)
    tranche.grant.project = Project.objects.select_for_update().get(pk=tranche.grant.project_id)
    tranche.refresh_from_db(fields=["state", "released_by"])
    return tranche


def _paid_out(project: Project, actor: Actor, at: datetime) -> Account:
    assert project.carrier is not None
    return open_account(
        actor=actor, at=at, code=f"outside:granted:{project.carrier_id}", title=f"拨付 {project.carrier.name}"[:80],
        unit=LedgerUnit.FEN, kind=AccountKind.OUTSIDE, area_code=project.area_code[:DISTRICT],
        organisation_ref=project.carrier_id, may_go_below=True,
    )  # fmt: skip
