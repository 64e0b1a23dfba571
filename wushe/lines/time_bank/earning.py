"""Earning: verified work, and nothing else, brings time into the bank; each piece of work once.

What the rules of the region do not let in is recorded all the same, with the reason, so that nobody has to guess.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Sum
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import record
from wushe.ledgers.lots import Issue, issue_all, reverse
from wushe.ledgers.models import Lot
from wushe.ledgers.postings import InsufficientBalance
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person

from .banks import bank_at, books, held_or_opened, hold_person
from .models import Bank, Earning, Holding
from .rules import Rules, are_relatives, rules_of
from .states import Source

NOT_SERVED = (Source.GRANT, Source.WIRE)


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of verified work: who did it for whom, from when to when, and which record proves it."""

    source: str
    ref: int
    person_id: int
    started_at: datetime
    ended_at: datetime
    minutes: int
    title: str
    beneficiary_ids: tuple[int, ...] = ()
    group: bool = False
    serial: int = 0

    @property
    def origin(self) -> str:
        """Return the name by which this work is counted once."""
        return f"{self.source}:{self.ref}" + (f":{self.serial}" if self.serial else "")


@domain_call("time_bank:issue")
def credit(*, actor: Actor, at: datetime, work: Work) -> Earning | None:
    """Bring in what a piece of work is worth by the rules of its place; the same work again returns what it made.

    Returns None where there is no bank.
    """
    if known := Earning.objects.filter(origin=work.origin).first():
        return known
    person = hold_person(work.person_id)
    bank = bank_at(person.area_code)
    if bank is None:
        return None
    if known := Earning.objects.filter(origin=work.origin).first():
        return known
    rules = rules_of(area_code=bank.area_code, on=timezone.localdate(work.started_at))
    minutes, why = _worth(work, person, rules)
    earning = Earning(
        origin=work.origin, source=work.source, ref=work.ref, bank=bank, person=person, area_code=person.area_code,
        title=work.title[:60], started_at=work.started_at, ended_at=work.ended_at, served=work.minutes, group=work.group,
        issued=minutes, why=why,
    )  # fmt: skip
    if minutes:
        holding = held_or_opened(person=person, bank=bank, actor=actor, at=at)
        _bring_in(earning, holding, rules, actor=actor, at=at)
    earning.save(force_insert=True)
    record(
        kind="time_bank.credit", subject=earning, actor=actor, at=at,
        data={"origin": work.origin, "served": work.minutes, "issued": minutes, "donated": earning.donated},
    )  # fmt: skip
    return earning


@domain_call("time_bank:issue")
def take_back(*, actor: Actor, at: datetime, source: str, ref: int) -> Earning | None:
    """Take back what a piece of work brought in, after its record was withdrawn; None if it brought in nothing.

    What has been spent since cannot be taken back: the earning is marked for the bank's own decision.
    """
    standing = Earning.objects.select_related("lot").filter(source=source, ref=ref, taken_back_at=None)
    earning = standing.order_by("-pk").first()
    if earning is None:
        return None
    try:
        if earning.lot:
            reverse(actor=actor, at=at, entry_id=earning.lot.entry_id, memo="冲正：服务记录已撤回")
        earning.taken_back_at, earning.recall_wanted = at, False
    except InsufficientBalance:
        earning.recall_wanted = True
    earning.save(update_fields=["taken_back_at", "recall_wanted"])
    record(
        kind="time_bank.take_back", subject=earning, actor=actor, at=at,
        data={"origin": earning.origin, "done": not earning.recall_wanted},
    )  # fmt: skip
    return earning


def _bring_in(earning: Earning, holding: Holding, rules: Rules, *, actor: Actor, at: datetime) -> None:
    """Issue the lot: to the account up to the cap, and what exceeds it to the common pool."""
    holding.account.refresh_from_db(fields=["balance"])
    cap = rules["store.cap"]
    room = max(0, cap - holding.account.balance) if cap else earning.issued
    kept = min(earning.issued, room)
    earning.donated = earning.issued - kept
    if earning.donated:
        earning.why = "账户已到上限，超出部分转入公益池"
    earning.lot = issue(
        bank=holding.bank, earning=earning, kept=kept, account_id=holding.account_id,
        restricted=earning.group and rules["team.donation_only"], actor=actor, at=at,
    )  # fmt: skip


def issue(
    *, bank: Bank, earning: Earning, kept: int, account_id: int, restricted: bool, actor: Actor, at: datetime,
    source_id: int | None = None,
) -> Lot:  # fmt: skip
    """Make the lot of an earning."""
    own = books(bank)
    shares = ((account_id, kept), (own["pool"], earning.issued - kept))
    one = Issue(
        origin=f"tb:{earning.origin}", memo=f"{Source(earning.source).label} {earning.title}"[:120],
        source_id=source_id or own["earned"], targets=tuple(share for share in shares if share[1]),
        born_on=timezone.localdate(earning.started_at), restricted=restricted,
    )  # fmt: skip
    return issue_all(actor=actor, at=at, issues=[one])[0]


def _worth(work: Work, person: Person, rules: Rules) -> tuple[int, str]:
    """Return how many minutes the work is worth, and the reason if they are fewer than those served."""
    if rules.by_item and work.source != Source.REQUEST:  # help that was agreed on in minutes is paid in minutes
        return 0, "当地已改为按服务项目计价，不能按分钟计入"
    if work.person_id in work.beneficiary_ids:
        return 0, "为自己服务不计"
    if not rules["earn.relatives"] and are_relatives(work.person_id, work.beneficiary_ids):
        return 0, "为直系亲属或配偶服务不计"
    if full_years(person.born_on, rules.on) < rules["earn.min_age"]:
        return 0, f"未满{rules['earn.min_age']}周岁，只记荣誉"
    if work.minutes < rules["minimum.unit"]:
        return 0, f"不足{rules['minimum.unit']}分钟不计"
    if _overlaps(work):
        return 0, "与本人另一次服务时间重叠"
    left = max(0, rules["earn.day_max"] - _earned_on(work))
    if left < work.minutes:
        return left, f"超过每天{rules['earn.day_max']}分钟的上限"
    return work.minutes, ""


def _overlaps(work: Work) -> bool:
    """Say whether the person is on record elsewhere in the same minutes."""
    others = Earning.objects.filter(person=work.person_id, issued__gt=0, taken_back_at=None).exclude(
        source__in=NOT_SERVED
    )
    return others.filter(started_at__lt=work.ended_at, ended_at__gt=work.started_at).exists()


def _earned_on(work: Work) -> int:
    """Return how many minutes of that day have been issued to the person already."""
    first = timezone.make_aware(datetime.combine(timezone.localdate(work.started_at), time.min))
    day = Earning.objects.filter(person=work.person_id, taken_back_at=None, started_at__gte=first).exclude(
        source__in=NOT_SERVED
    )
    return day.filter(started_at__lt=first + timedelta(days=1)).aggregate(sum=Sum("issued"))["sum"] or 0
