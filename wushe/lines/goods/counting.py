"""A stock count: a sheet of what should be there, what was found, and differences that only a second person books."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, SecondPerson
from wushe.foundation.scope import obtain
from wushe.ledgers.models import LotShare

from .models import CountLine, Position, StockCount
from .receiving import found_goods, take
from .shelves import NotInStock, gone_account, store_for
from .states import CountState
from .workflow import COUNT

MOST_PIECES = 1_000_000


@domain_call("goods:keep")
def begin_count(*, actor: Actor, at: datetime, facility_id: int) -> StockCount:
    """Begin a count of everything at a facility; raise NotFound, Conflict while one is open or nothing is there."""
    facility = store_for(actor, facility_id, on=timezone.localdate(at))
    if StockCount.objects.filter(facility=facility, state__in=[CountState.OPEN, CountState.COUNTED]).exists():
        raise Conflict("这里还有一次盘点没有结束。")
    count = StockCount(facility=facility, area_code=facility.area_code, started_at=at, started_by=actor.user_id)
    lines = _sheet(count)
    if not lines:
        raise Conflict("这里没有库存，不用盘点。")
    COUNT.start(count, event="begin", actor=actor, at=at, data={"lines": len(lines)})
    CountLine.objects.bulk_create(lines)
    return count


def _sheet(count: StockCount) -> list[CountLine]:
    positions = Position.objects.filter(shelf__facility=count.facility).select_related("batch", "shelf").order_by("pk")
    lines = [CountLine(count=count, position=one, expected=there(one)) for one in positions]
    return [line for line in lines if line.expected]


def there(position: Position) -> int:
    """Return how many pieces of a batch the books say lie at its place: free, promised, and set apart."""
    shelf = position.shelf
    shares = LotShare.objects.filter(
        account__in=[shelf.stock_id, shelf.held_id, shelf.blocked_id], lot=position.batch.lot_id or 0
    )
    return sum(shares.values_list("left", flat=True))


@domain_call("goods:keep")
def write_count(*, actor: Actor, at: datetime, count_id: int, found: Mapping[int, int]) -> StockCount:
    """Write down what was found on each line and hand the sheet on; raise NotFound, Invalid beside each line."""
    count = count_for(actor, count_id)
    COUNT.edge(count.state, "finish")
    lines = list(count.lines.all())
    faults = {
        f"line_{line.pk}": "请填写实际数到的数量，没有就写0。"
        for line in lines
        if not 0 <= found.get(line.pk, -1) <= MOST_PIECES
    }
    if faults:
        raise Invalid(fields=faults)
    for line in lines:
        line.found = found[line.pk]
    CountLine.objects.bulk_update(lines, ["found"])
    COUNT.move(count, "finish", actor=actor, at=at, changes={"counted_at": at, "counted_by": actor.user_id})
    return count


@domain_call("goods:second")
def book_count(*, actor: Actor, at: datetime, count_id: int) -> StockCount:
    """Book the differences: what is missing goes out, what is more comes in as a batch of its own.

    Raises NotFound, SecondPerson for who counted, Conflict if goods were moved since the count began.
    """
    count = count_for(actor, count_id)
    if actor.user_id == count.counted_by:
        raise SecondPerson
    lines = list(count.lines.select_related("position__shelf__article", "position__batch__article").order_by("pk"))
    changes = {"booked_at": at, "booked_by": actor.user_id}
    differences = {line.pk: line.found - line.expected for line in lines if line.found is not None}
    COUNT.move(count, "book", actor=actor, at=at, changes=changes, data={"lines": sum(map(bool, differences.values()))})
    for line in lines:
        batch = line.position.batch
        if there(line.position) != line.expected:
            raise Conflict(f"{batch.article.title}（{batch.number}）在盘点以后有进出，请退回重盘。")
        _book(line, differences[line.pk], actor=actor, at=at)
    return count


def _book(line: CountLine, difference: int, *, actor: Actor, at: datetime) -> None:
    position = line.position
    if difference > 0:
        found_goods(actor=actor, at=at, position=position, quantity=difference)
    elif difference < 0:
        gone = gone_account(actor=actor, at=at, area_code=position.area_code)
        try:
            take(
                position, -difference, actor=actor, at=at, target_id=gone.pk, key=f"goods:count:{line.pk}", memo="盘亏"
            )
        except NotInStock:
            title = position.batch.article.title
            raise Conflict(f"{title}少的比没有预留的还多，请先撤回待领取的，再入账。") from None


@domain_call("goods:second")
def count_again(*, actor: Actor, at: datetime, count_id: int) -> StockCount:
    """Send a sheet back to be counted anew, with what the books say now; raise NotFound, MoveNotAllowed."""
    count = count_for(actor, count_id)
    COUNT.move(count, "again", actor=actor, at=at, changes={"counted_at": None, "counted_by": None})
    count.lines.all().delete()
    CountLine.objects.bulk_create(_sheet(count))
    return count


@domain_call("goods:keep")
def cancel_count(*, actor: Actor, at: datetime, count_id: int) -> StockCount:
    """Give a count up; nothing is booked. Raises NotFound, MoveNotAllowed."""
    count = count_for(actor, count_id)
    COUNT.move(count, "cancel", actor=actor, at=at)
    return count


def count_for(actor: Actor, count_id: int) -> StockCount:
    """Return a count at a facility of the actor's scope; raise NotFound."""
    return obtain(StockCount.objects.select_related("facility"), actor, pk=count_id)
