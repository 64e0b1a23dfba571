"""The year's end: by its score an organisation gets back what was held, all, a part or nothing; two people decide."""

from datetime import date, datetime

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from wushe.chain.settlement.formulas import released
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, SecondPerson
from wushe.foundation.presets.selectors import preset
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain, within
from wushe.ledgers.models import Account, AccountKind, Entry
from wushe.ledgers.services import post
from wushe.registers.organisations.models import Organisation

from .books import book_of, district_of, held_account
from .models import HoldRelease, Statement
from .statements import agree_by
from .states import ReleaseState, StatementKind
from .workflow import RELEASE, STATEMENT


class NothingHeld(Conflict):
    """Nothing of the year is held back any more."""

    message = "这家机构这一年没有还未结清的留存。"


@refusals_noted("hold_release", "organisation_id")
@domain_call("payments:prepare")
def score_year(*, actor: Actor, at: datetime, organisation_id: int, year: int, score: int, basis: str) -> HoldRelease:
    """Enter the score of a year that has ended; what it releases is booked when another person has confirmed it.

    A year has one score: what was settled late is released by the same. Raises NotTheDistrict, NotFound, Invalid,
    NothingHeld.
    """
    district = district_of(actor)
    organisation = obtain(Organisation.objects.select_for_update(), actor, pk=organisation_id)
    former = _of_year(district, organisation.pk, year)
    known = former.filter(state=ReleaseState.CONFIRMED).first()
    faults = {}
    if not 2000 <= year < timezone.localdate(at).year:
        faults["year"] = "这一年还没有结束，年终考核以后再结清留存。"
    if not 0 <= score <= 100:
        faults["score"] = "得分在0到100之间。"
    elif known is not None and known.score != score:
        faults["score"] = f"这一年的考核得分是{known.score}分，一年只有一个得分。"
    if former.filter(state=ReleaseState.SCORED).exists():
        faults["organisation_id"] = "这家机构这一年已有一份在等复核。"
    if faults:
        raise Invalid(fields=faults)
    held = still_held(district, organisation.pk, year)
    if held <= 0:
        raise NothingHeld
    release = HoldRelease(
        organisation=organisation, area_code=district, year=year, score=score, basis=said(basis, "basis", most=200),
        held_fen=held, released_fen=_released(district, held, score, year), scored_by=actor.user_id, scored_at=at,
    )  # fmt: skip
    RELEASE.start(release, event="score", actor=actor, at=at, data={"score": score, "held": held})
    return release


@refusals_noted("hold_release", "release_id")
@domain_call("payments:confirm")
def confirm_release(*, actor: Actor, at: datetime, release_id: int, answer: str = "") -> HoldRelease:
    """Book what a score releases and what it forfeits, and list it for payment.

    Raises NotFound, SecondPerson for who scored, MoveNotAllowed, Conflict if the sum held has changed meanwhile.
    """
    release = _scored(actor, release_id, "confirm")
    hold = held_account("holdback", release.organisation_id)
    if hold is None or still_held(release.area_code, release.organisation_id, release.year) != release.held_fen:
        raise Conflict("这一年的留存有变化，请不通过，再重新评分。")
    entry, statement = _post(release, hold, actor, at), None
    if release.released_fen:
        statement = Statement(
            organisation_id=release.organisation_id, area_code=release.area_code, kind=StatementKind.YEAR_END,
            month=date(release.year, 12, 1), net_fen=release.released_fen, issued_at=at,
            agree_by=agree_by(release.area_code, at), number=_paid_before(release) + 1,
        )  # fmt: skip
        STATEMENT.start(statement, event="issue", actor=actor, at=at, data={"release": release.pk})
    changes = {"decided_by": actor.user_id, "answer": answer.strip()[:200], "entry": entry, "statement": statement}
    RELEASE.move(release, "confirm", actor=actor, at=at, changes=changes, data={"released": release.released_fen})
    return release


@refusals_noted("hold_release", "release_id")
@domain_call("payments:confirm")
def refuse_release(*, actor: Actor, at: datetime, release_id: int, answer: str) -> HoldRelease:
    """Send a score back; raise NotFound, Invalid without a reason, SecondPerson, MoveNotAllowed."""
    release = _scored(actor, release_id, "refuse")
    changes = {"decided_by": actor.user_id, "answer": said(answer, "answer", most=200)}
    RELEASE.move(release, "refuse", actor=actor, at=at, changes=changes)
    return release


def still_held(district: str, organisation_id: int, year: int) -> int:
    """Return what was held back of the visits of a year and is neither released nor forfeited, in fen."""
    held = Settlement.objects.filter(
        within(district), organisation=organisation_id, state=SettlementState.SETTLED,
        visit__appointment__day__range=(date(year, 1, 1), date(year, 12, 31)),
    ).aggregate(total=Coalesce(Sum("hold_fen"), 0))["total"]  # fmt: skip
    ended = _of_year(district, organisation_id, year).filter(state=ReleaseState.CONFIRMED)
    return int(held - ended.aggregate(total=Coalesce(Sum("held_fen"), 0))["total"])


def _post(release: HoldRelease, hold: Account, actor: Actor, at: datetime) -> Entry:
    payable = Account.objects.get(code=f"payable:{release.organisation_id}")
    kept = release.held_fen - release.released_fen
    legs = [(hold.pk, -release.held_fen), (payable.pk, release.released_fen)]
    if kept:
        legs.append((book_of(AccountKind.FORFEITED, release.area_code, actor=actor, at=at).pk, kept))
    return post(
        actor=actor, at=at, key=f"hold:{release.pk}", memo=f"{release.year}年留存结清，考核{release.score}分",
        legs=[(account, fen) for account, fen in legs if fen],
    )  # fmt: skip


def _released(district: str, held: int, score: int, year: int) -> int:
    last = date(year, 12, 31)
    full, least = (
        int(preset(f"settlement.hold.{name}", area_code=district, on=last)) for name in ("full_score", "min_score")
    )
    return released(held_fen=held, score=score, full_score=full, min_score=least)


def _paid_before(release: HoldRelease) -> int:
    former = _of_year(release.area_code, release.organisation_id, release.year)
    return former.filter(statement__isnull=False).count()


def _of_year(district: str, organisation_id: int, year: int) -> QuerySet[HoldRelease]:
    return HoldRelease.objects.filter(area_code=district, organisation=organisation_id, year=year)


def _scored(actor: Actor, release_id: int, event: str) -> HoldRelease:
    release = obtain(HoldRelease.objects.select_for_update(), actor, pk=release_id)
    RELEASE.edge(release.state, event)
    if release.scored_by == actor.user_id:
        raise SecondPerson
    return release
