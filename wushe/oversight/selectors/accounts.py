"""How the accounts of an area stand: figures for who keeps them, their roles, and what was done to them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from wushe.foundation.access.administration import account_of, find_accounts
from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.scope import visible

from .journal import JournalLine, lines

_ACTS = ("account.open", "account.close", "account.reopen", "account.password", "grant.give", "grant.end")
_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """Counts of an administrator's accounts, and how many grants each role has."""

    active: int
    stopped: int
    without_grant: int
    ending_soon: int
    by_role: dict[str, int]


def account_figures(*, actor: Actor, on: date) -> AccountFigures:
    """Return how the accounts of the actor's area stand on a day; raise NotAllowed without `access:manage`."""
    accounts = find_accounts(actor=actor)
    standing = visible(_standing(on), actor)
    ending = standing.filter(valid_until__lte=on + _SOON).count()
    by_role = standing.order_by().values_list("role_code").annotate(n=Count("pk")).order_by("role_code")
    idle = accounts.filter(is_active=True).exclude(pk__in=_standing(on).values("user_id"))
    return AccountFigures(
        active=accounts.filter(is_active=True).count(),
        stopped=accounts.filter(is_active=False).count(),
        without_grant=idle.count(),
        ending_soon=ending,
        by_role=dict(by_role),
    )


def with_standing_grants(accounts: QuerySet[User], *, on: date) -> QuerySet[User]:
    """Return the accounts with `standing_grants`, a list of what each holds on the day."""
    return accounts.prefetch_related(
        Prefetch("grants", queryset=_standing(on).order_by("id"), to_attr="standing_grants")
    )


def account_acts(*, actor: Actor, user_id: int | None = None, most: int = 12) -> list[JournalLine]:
    """Return what was done to the accounts of the actor's area, or to one of them, the newest first."""
    rows = visible(JournalEntry.objects.filter(kind__in=_ACTS), actor)
    if user_id is None:
        actor.require("access:manage")
    else:
        account_of(actor=actor, user_id=user_id)
        grants = Grant.objects.filter(user_id=user_id).values("pk")
        about = Q(subject_kind="user", subject_id=user_id) | Q(subject_kind="grant", subject_id__in=grants)
        rows = rows.filter(about)
    return lines(list(rows.order_by("-id")[:most]))


def _standing(on: date) -> QuerySet[Grant]:
    return Grant.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)
