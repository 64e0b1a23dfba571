"""Where every unit came from and where it stands: a lot's way through the books, and whether the lots are whole."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from .models import Account, Leg, Lot, LotLeg, LotShare
from .selectors import Fault


def standing(*, account_id: int) -> QuerySet[LotShare]:
    """Return the lots that stand on an account, the oldest first: the order in which they will be spent."""
    shares = LotShare.objects.filter(account=account_id, left__gt=0)
    return shares.select_related("lot").order_by("lot__born_on", "lot_id")


def way_of(*, lot_id: int) -> Sequence[LotLeg]:
    """Return every move of a lot in the order in which it happened."""
    legs = LotLeg.objects.filter(lot=lot_id).select_related("entry", "account")
    return list(legs.order_by("entry_id", "amount", "pk"))


def whereabouts(*, lot_id: int) -> Sequence[LotShare]:
    """Return the accounts on which parts of a lot stand now."""
    return list(LotShare.objects.filter(lot=lot_id, left__gt=0).select_related("account").order_by("-left", "pk"))


def lot_faults() -> list[Fault]:
    """Return everything that breaks the rules of lots; [] if each unit has its origin and stands in one place."""
    return [*_lots_out_of_balance(), *_issues_that_differ(), *_shares_that_differ(), *_legs_without_lots()]


def _lots_out_of_balance() -> list[Fault]:
    sums = LotLeg.objects.values("lot_id").annotate(total=Sum("amount")).order_by()
    found = [Fault("lot_not_balanced", row["lot_id"], row["total"]) for row in sums.exclude(total=0)]
    bare = Lot.objects.filter(~Exists(LotLeg.objects.filter(lot=OuterRef("pk"))))
    return found + [Fault("lot_without_legs", lot.pk, lot.amount) for lot in bare]


def _issues_that_differ() -> list[Fault]:
    """Return lots whose issue did not bring in exactly their size from outside."""
    brought = (
        LotLeg.objects.filter(lot=OuterRef("pk"), entry=OuterRef("entry"), account__may_go_below=True)
        .values("lot")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    wrong = Lot.objects.annotate(brought=Coalesce(Subquery(brought), 0)).exclude(amount=-F("brought"))
    return [Fault("lot_is_not_its_issue", lot.pk, lot.amount) for lot in wrong]


def _shares_that_differ() -> list[Fault]:
    """Return shares that are not the sum of their legs, or below zero, and legs that have no share."""
    total = (
        LotLeg.objects.filter(lot=OuterRef("lot"), account=OuterRef("account"))
        .values("lot")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    shares = LotShare.objects.annotate(total=Coalesce(Subquery(total), 0))
    wrong = shares.filter(~Q(left=F("total")) | Q(left__lt=0))
    kept = LotShare.objects.filter(lot=OuterRef("lot"), account=OuterRef("account"))
    lost = LotLeg.objects.filter(~Exists(kept), account__may_go_below=False)
    return [
        *(Fault("share_is_not_its_legs", share.pk, share.left) for share in wrong),
        *(Fault("share_missing", leg.pk, leg.amount) for leg in lost),
    ]


def _legs_without_lots() -> list[Fault]:
    """Return legs on accounts kept by lot whose lots do not make up the leg, and accounts whose lots do not add up."""
    lots = (
        LotLeg.objects.filter(entry=OuterRef("entry"), account=OuterRef("account"))
        .values("entry")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    legs = Leg.objects.filter(account__by_lot=True).annotate(total=Coalesce(Subquery(lots), 0))
    shares = LotShare.objects.filter(account=OuterRef("pk")).values("account").annotate(total=Sum("left"))
    books = Account.objects.filter(by_lot=True, may_go_below=False).annotate(
        total=Coalesce(Subquery(shares.values("total")), 0)
    )
    return [
        *(Fault("leg_without_lots", leg.pk, leg.amount) for leg in legs.exclude(amount=F("total"))),
        *(Fault("balance_is_not_its_lots", a.pk, a.balance - a.total) for a in books.exclude(balance=F("total"))),
    ]
