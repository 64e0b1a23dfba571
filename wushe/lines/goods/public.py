"""What everybody may see of goods: what came, from whom as they wish to be named, how much reached whom by number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from wushe.ledgers.models import AccountKind, LotShare

from .models import Batch, Recall
from .states import BatchState, RecallState

_SHOWN = (BatchState.STOCKED, BatchState.RECALLED)
_WITH_PEOPLE = (AccountKind.GOODS_OUT, AccountKind.GOODS_LENT)


@dataclass(frozen=True, slots=True)
class PublicBatch:
    """One line of the public list of goods; nobody who got some is named."""

    number: str
    on: date
    what: str
    who: str
    how: str
    facility: str
    accepted: int
    given: int
    gone: int
    left: int
    unit: str
    value_fen: int | None
    state: str


def public_batches(*, text: str = "") -> QuerySet[Batch]:
    """Return what was taken into stock, newest first; what a count found has no giver and is left out."""
    rows = Batch.objects.filter(state__in=_SHOWN).exclude(source="found").select_related("article", "donor", "facility")
    if text := text.strip():
        rows = rows.filter(
            Q(article__title__contains=text) | Q(number__icontains=text) | Q(facility__name__contains=text)
        )
    return rows.order_by("-pk")


def lines(batches: list[Batch]) -> list[PublicBatch]:
    """Return batches as everybody may see them, with what the books say became of each."""
    stands: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    shares = LotShare.objects.filter(lot__in=[batch.lot_id for batch in batches], left__gt=0)
    for row in shares.values("lot_id", "account__kind").annotate(n=Sum("left")).order_by():
        stands[row["lot_id"]][row["account__kind"]] += row["n"]
    return [_line(batch, stands[batch.lot_id or 0]) for batch in batches]


def _line(batch: Batch, stands: dict[str, int]) -> PublicBatch:
    accepted = batch.accepted or 0
    given, gone = sum(stands[kind] for kind in _WITH_PEOPLE), stands[AccountKind.GOODS_GONE]
    return PublicBatch(
        number=batch.number, on=batch.received_on, what=batch.article.title, how=batch.get_source_display(),
        who=batch.donor.public_name if batch.donor else batch.supplier or "爱心人士", facility=batch.facility.name,
        accepted=accepted, given=given, gone=gone, left=accepted - given - gone, unit=batch.article.unit,
        value_fen=None if batch.unit_value_fen is None else batch.unit_value_fen * accepted,
        state=batch.get_state_display(),
    )  # fmt: skip


def public_recalls() -> list[Recall]:
    """Return the recalls under way, which everybody has to know."""
    return list(Recall.objects.filter(state=RecallState.OPEN).select_related("article").order_by("-pk")[:20])
