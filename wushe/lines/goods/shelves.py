"""A stock card is five accounts kept by lot: what stands on them is the stock, and nothing else is."""

from datetime import date, datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.scope import DISTRICT, covering, obtain, visible
from wushe.ledgers.lots import Part
from wushe.ledgers.models import Account, AccountKind, LedgerUnit, LotShare
from wushe.ledgers.services import open_account
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.facilities.models import Facility

from .models import Article, Batch, Position, Shelf
from .states import ArticleKind, BatchState

_SIDES = {
    "stock": AccountKind.GOODS_STOCK, "held": AccountKind.GOODS_HELD, "lent": AccountKind.GOODS_LENT,
    "out": AccountKind.GOODS_OUT, "blocked": AccountKind.GOODS_BLOCKED,
}  # fmt: skip
_NEVER = date(9999, 12, 31)


class NotInStock(Conflict):
    """There is less of it than was asked for."""

    def __init__(self, *, left: int, unit: str) -> None:
        self.left = left
        super().__init__(f"库存不够：现在能用的只有{left}{unit}。" if left else "库存不够：现在没有能用的了。")


def store_for(actor: Actor, facility_id: int, *, on: date) -> Facility:
    """Return an open facility of the actor's scope; raise NotFound."""
    facility = obtain(Facility, actor, pk=facility_id)
    if facility.closed_on and facility.closed_on <= on:
        raise NotFound
    return facility


def article_for(facility: Facility, *, article_id: int | None, title: str, kind: str, unit: str, lent: bool) -> Article:
    """Return an article of the facility's district, made on its first use; raise NotFound, Invalid by field."""
    district = facility.area_code[:DISTRICT]
    if article_id:
        article = Article.objects.filter(pk=article_id, area_code=district).first()
        if article is None:
            raise NotFound
        return article
    title, unit = title.strip(), unit.strip()
    checks = {
        "title": (2 <= len(title) <= 60, "请选择物品，或写出新物品的名称（2到60个字）。"),
        "kind": (kind in ArticleKind.values, "请选择类别。"),
        "unit": (1 <= len(unit) <= 10, "请填写单位，例如：桶、件、册、台。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    values = {"kind": kind, "unit": unit, "lent": lent, "initials": initials_of_title(title)}
    return Article.objects.get_or_create(area_code=district, title=title, defaults=values)[0]


def shelf_at(*, actor: Actor, at: datetime, facility: Facility, article: Article) -> Shelf:
    """Return the stock card of an article at a facility, opened on its first use."""
    shelf = Shelf.objects.filter(facility=facility, article=article).first()
    if shelf is not None:
        return shelf
    accounts = {
        side: open_account(
            actor=actor, at=at, code=f"goods:{side}:{facility.pk}:{article.pk}", kind=kind, unit=LedgerUnit.PIECE,
            title=f"{article.title[:30]}·{facility.name[:30]}·{kind.label}", area_code=facility.area_code,
            organisation_ref=facility.operator_id, by_lot=True,
        )
        for side, kind in _SIDES.items()
    }  # fmt: skip
    # Of two who open the card at once the second finds it: its accounts are the same, by their codes.
    values = {"area_code": facility.area_code, **accounts}
    return Shelf.objects.get_or_create(facility=facility, article=article, defaults=values)[0]


def given_account(*, actor: Actor, at: datetime, area_code: str) -> Account:
    """Return the account of the world outside from which goods come."""
    return _of_district(actor, at, area_code, AccountKind.GOODS_GIVEN, may_go_below=True)


def gone_account(*, actor: Actor, at: datetime, area_code: str) -> Account:
    """Return the account of what was written off or found missing."""
    return _of_district(actor, at, area_code, AccountKind.GOODS_GONE, may_go_below=False)


def _of_district(actor: Actor, at: datetime, area_code: str, kind: AccountKind, *, may_go_below: bool) -> Account:
    district = area_code[:DISTRICT]
    return open_account(
        actor=actor, at=at, code=f"{kind}:{district}", title=kind.label, unit=LedgerUnit.PIECE, kind=kind,
        area_code=district, may_go_below=may_go_below, by_lot=True,
    )  # fmt: skip


def position_of(batch: Batch, shelf: Shelf) -> Position:
    """Return the line of the stock list of a batch at a place, made when it first comes there."""
    return Position.objects.get_or_create(batch=batch, shelf=shelf, defaults={"area_code": shelf.area_code})[0]


def usable(shelf: Shelf, *, on: date) -> QuerySet[LotShare]:
    """Return what may be given out from a card on a day, first expiring first, then first come."""
    shares = LotShare.objects.filter(account=shelf.stock_id, left__gt=0, lot__batch__state=BatchState.STOCKED)
    shares = shares.exclude(lot__batch__expires_on__lt=on).select_related("lot__batch")
    return shares.annotate(last_day=Coalesce(F("lot__batch__expires_on"), _NEVER)).order_by(
        "last_day", "lot__born_on", "lot_id"
    )


def first_expiring(shelf: Shelf, quantity: int, *, on: date) -> list[Part]:
    """Return the parts of lots that make up a quantity, first expiring first; raise NotInStock."""
    parts: list[Part] = []
    wanted = quantity
    for share in usable(shelf, on=on):
        if not wanted:
            break
        taken = min(share.left, wanted)
        parts.append((share.lot_id, taken))
        wanted -= taken
    if wanted:
        raise NotInStock(left=quantity - wanted, unit=shelf.article.unit)
    return parts


def left_on(account_id: int, lot_id: int | None) -> int:
    """Return how much of a lot stands on an account."""
    share = LotShare.objects.filter(account=account_id, lot=lot_id).first() if lot_id else None
    return share.left if share else 0


def stores(actor: Actor, *, on: date) -> QuerySet[Facility]:
    """Return the facilities of the actor's scope where goods may be kept."""
    return visible(Facility.objects.all(), actor).exclude(closed_on__lte=on).order_by("name", "pk")


def articles(actor: Actor) -> QuerySet[Article]:
    """Return the articles of the districts in which the actor keeps goods."""
    if actor.area_code:
        return Article.objects.filter(covering(actor.area_code[:DISTRICT])).order_by("title")
    districts = visible(Facility.objects.all(), actor).values("district_code")
    return Article.objects.filter(area_code__in=districts).order_by("title")
