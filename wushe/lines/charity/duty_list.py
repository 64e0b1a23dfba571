"""What the funds owe the law: due, overdue and done, each with its owner, so that nothing falls due unseen."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.models import Preset

from .duties import Duty, Facts, Rule, duties
from .enums import FundState
from .funds import fund_for, funds_of
from .models import DutyDone, Fund

AHEAD = timedelta(days=92)
_PREFIX = "funds.duty."


@dataclass(frozen=True, slots=True)
class OwedDuty:
    """One duty of one fund, with who owns it and whether it was done."""

    fund: Fund
    duty: Duty
    owner: str
    done: DutyDone | None
    overdue: bool


def rules_at(area_code: str) -> list[Rule]:
    """Return all rules of duties that ever held or will hold at a place."""
    rows = Preset.objects.filter(key__startswith=_PREFIX)
    return [
        Rule(r.key.removeprefix(_PREFIX), r.value, r.effective_from, r.effective_to, r.region, r.source)
        for r in rows
        if area_code.startswith(r.region)
    ]


def facts_of(fund: Fund) -> Facts:
    """Return what the duties of a fund depend on."""
    return Facts(
        source_class=fund.source_class, starts_on=fund.starts_on, ends_on=fund.ends_on,
        raises_publicly=fund.raises_publicly, emergency=fund.emergency, community_fund=fund.community_fund,
    )  # fmt: skip


def owed(*, funds: list[Fund], on: date, ahead: timedelta = AHEAD) -> list[OwedDuty]:
    """Return the duties of these funds up to some time ahead, the oldest first; the done ones of the last year too."""
    done = {(d.fund_id, d.code, d.due_on): d for d in DutyDone.objects.filter(fund__in=funds)}
    rules: dict[str, list[Rule]] = {}
    found = []
    for fund in funds:
        book = rules.setdefault(fund.area_code, rules_at(fund.area_code))
        for duty in duties(facts_of(fund), book, until=on + ahead):
            made = done.get((fund.pk, duty.code, duty.due_on))
            found.append(OwedDuty(fund, duty, fund.host.name, made, made is None and duty.due_on < on))
    return sorted(found, key=lambda one: (one.duty.due_on, one.fund.pk, one.duty.code))


def owed_to(*, actor: Actor, on: date, state: str = "open") -> list[OwedDuty]:
    """Return the duties of the funds in the actor's area; `state` is open, overdue or done. Raises NotAllowed."""
    actor.require("charity:view")
    funds = list(funds_of(actor).exclude(state=FundState.DRAFTED).select_related("host"))
    rows = owed(funds=funds, on=on)
    if state == "done":
        return [row for row in reversed(rows) if row.done]
    if state == "overdue":
        return [row for row in rows if row.overdue]
    return [row for row in rows if row.done is None]


@domain_call("charity:duties")
def fulfil_duty(*, actor: Actor, at: datetime, fund_id: int, code: str, due_on: date, document: str) -> DutyDone:
    """Write down that a duty was done, with the document that shows it; raise NotFound, Invalid, Conflict."""
    fund, today = fund_for(actor, fund_id), timezone.localdate(at)
    if not document.strip() or len(document.strip()) > 200:
        raise Invalid(fields={"document": "请写明公开或报送的文件编号、网址或说明（200字以内）。"})
    wanted = [d for d in duties(facts_of(fund), rules_at(fund.area_code), until=today + AHEAD) if d.code == code]
    if due_on not in {duty.due_on for duty in wanted}:
        raise Conflict("这只基金在这一天没有这项职责，请刷新后再试。")
    if DutyDone.objects.filter(fund=fund, code=code, due_on=due_on).exists():
        raise Conflict("这项职责已经登记完成。")
    done = DutyDone.objects.create(
        fund=fund, code=code, due_on=due_on, done_on=today, document=document.strip(), done_by=actor.user_id
    )
    record(kind="fund.duty", subject=fund, actor=actor, at=at, data={"code": code, "due": due_on.isoformat()})
    return done
