"""Read wishes: what the public may see, what a volunteer has claimed, and how many came true."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import obtain, visible, within

from .models import SHOWN, Claim, ClaimOutcome, Wish, WishPhoto, WishState

_PUBLIC = ("id", "public_name", "title", "story", "kind", "state", "thanks", "area_code", "published_at", "closed_at")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many wishes are public, and how many of them came true."""

    published: int
    waiting: int
    confirmed: int

    @property
    def share(self) -> float | None:
        """Return the share that came true; None before the first."""
        return self.confirmed / self.published if self.published else None


def public_wishes(*, text: str = "", state: str = "", kind: str = "", area_code: str = "") -> "QuerySet[Wish]":
    """Return what everybody may see, the free ones first: no more than the columns that were written to be read."""
    rows = Wish.objects.filter(state__in=SHOWN).only(*_PUBLIC)
    if text:
        rows = rows.filter(Q(title__contains=text) | Q(story__contains=text))
    if state in SHOWN:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(within(area_code)).order_by("-id")


def public_wish(pk: int) -> Wish:
    """Return one public wish; raise NotFound otherwise."""
    wish = Wish.objects.filter(pk=pk, state__in=SHOWN).only(*_PUBLIC).first()
    if wish is None:
        raise NotFound
    return wish


def tally(rows: "QuerySet[Wish]") -> Tally:
    """Return how many of these wishes are public, free, and came true."""
    counts = rows.order_by().aggregate(
        published=Count("pk", filter=Q(state__in=SHOWN)), waiting=Count("pk", filter=Q(state=WishState.PUBLISHED)),
        confirmed=Count("pk", filter=Q(state=WishState.CONFIRMED)),
    )  # fmt: skip
    return Tally(**counts)


def own_claims(*, actor: Actor) -> "QuerySet[Claim]":
    """Return what a volunteer has claimed, what is open first; raise NotAllowed."""
    actor.require("wishes:claim")
    rows = visible(Claim.objects.select_related("wish"), actor).distinct()
    return rows.order_by("ended_at", "-pk")


def own_claim_on(*, actor: Actor, wish_id: int) -> Claim | None:
    """Return the open claim of a volunteer on a wish, if there is one."""
    return own_claims(actor=actor).filter(wish=wish_id, outcome=ClaimOutcome.OPEN).first()


def claims_of(*, wish: Wish) -> "QuerySet[Claim]":
    """Return the claims on a wish that was seen within scope, the newest first."""
    return wish.claims.select_related("organisation").order_by("-pk")


def photo_of(*, actor: Actor, photo_id: int) -> WishPhoto:
    """Return a photo within the desk's scope; raise NotAllowed, NotFound."""
    actor.require("wishes:view")
    return obtain(WishPhoto, actor, pk=photo_id)
