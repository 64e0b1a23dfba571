"""Tamper evidence: statements are chained line by line, sealed each day under one root, and the root is journalled.

The journal's daily anchor then keeps the root outside; whoever changes a row afterwards meets neither.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.models import Anchor, JournalEntry
from wushe.foundation.journal.services import record
from wushe.ledgers.models import Leg, LotLeg

from .models import Bank, Holding, Seal, SealedHead
from .proof import begin, follow, leaf, path_to, root_of

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Alteration:
    """Something that no longer meets what was sealed: which account or day, and what."""

    subject: str
    what: str


@domain_call("jobs:run")
def seal_day(*, actor: Actor, at: datetime, day: date) -> int:
    """Seal the statements of each bank that have changed since their last seal; return how many. Once for a day."""
    return sum(_seal(bank, day, actor=actor, at=at) for bank in Bank.objects.order_by("pk"))


def _seal(bank: Bank, day: date, *, actor: Actor, at: datetime) -> int:
    if Seal.objects.filter(bank=bank, day=day).exists():
        return 0
    last = SealedHead.objects.filter(holding=OuterRef("account__holding")).order_by("-pk").values("last_leg")[:1]
    sealed = Coalesce(Subquery(last), 0, output_field=BigIntegerField())
    fresh = Leg.objects.filter(account__holding__bank=bank).annotate(sealed=sealed).filter(pk__gt=F("sealed"))
    changed = Holding.objects.filter(account__in=fresh.values("account")).order_by("pk")
    heads: list[SealedHead] = []
    for holding in changed.iterator(chunk_size=_BATCH):
        lines = lines_of(holding)
        last_head = head_after(holding, lines)
        heads.append(
            SealedHead(holding=holding, place=len(heads), lines=len(lines), last_leg=lines[-1]["leg"], head=last_head)
        )
    root = root_of([leaf(head.holding.number, head.lines, head.head) for head in heads])
    seal = Seal.objects.create(bank=bank, day=day, root=root, count=len(heads))
    for head in heads:
        head.seal = seal
    SealedHead.objects.bulk_create(heads, batch_size=_BATCH)
    data = {"day": day.isoformat(), "root": root, "count": len(heads), "bank": bank.code}
    record(kind="time_bank.seal", subject=seal, actor=actor, at=at, data=data)
    return len(heads)


def lines_of(holding: Holding, *, first: int | None = None) -> list[dict[str, Any]]:
    """Return the lines of a statement in the order in which they were written: amounts, and the lots of each."""
    legs = Leg.objects.filter(account=holding.account_id).select_related("entry").order_by("pk")
    rows = list(legs[:first] if first is not None else legs)
    lots: dict[int, list[tuple[str, int]]] = defaultdict(list)
    found = (
        LotLeg.objects.filter(account=holding.account_id)
        .order_by("lot_id")
        .values_list("entry_id", "lot__origin", "amount")
    )
    for entry, origin, amount in found:
        lots[entry].append((origin, amount))
    return [
        {"leg": leg.pk, "entry": leg.entry_id, "at": leg.entry.at.astimezone(UTC).isoformat(), "memo": leg.entry.memo,
         "amount": leg.amount, "lots": lots[leg.entry_id]}
        for leg in rows
    ]  # fmt: skip


def head_after(holding: Holding, lines: Iterable[dict[str, Any]]) -> str:
    """Return the hash after these lines."""
    head = begin(holding.number)
    for line in lines:
        head = follow(head, line)
    return head


def proof_of(holding: Holding) -> dict[str, Any]:
    """Return the statement as a volunteer keeps it: lines, hash, and the way from its last seal to the root."""
    lines = lines_of(holding)
    told = {
        "bank": holding.bank.code, "number": holding.number, "balance": sum(line["amount"] for line in lines),
        "lines": [{key: line[key] for key in ("entry", "at", "memo", "amount", "lots")} for line in lines],
        "head": head_after(holding, lines),
    }  # fmt: skip
    last = SealedHead.objects.filter(holding=holding).select_related("seal").order_by("-pk").first()
    if last:
        told["seal"] = {
            "day": last.seal.day.isoformat(), "root": last.seal.root, "lines": last.lines,
            "path": path_to(_leaves(last.seal), last.place), **_anchored(last.seal),
        }  # fmt: skip
    return told


def confirms(*, number: str, lines: int, head: str) -> tuple[bool, Seal | None]:
    """Say whether the books still give this hash after so many lines of an account, and which seal covers them."""
    holding = Holding.objects.filter(number=number).first()
    if holding is None or lines < 0:
        return False, None
    found = lines_of(holding, first=lines)
    if len(found) != lines or head_after(holding, found) != head:
        return False, None
    covering = (
        SealedHead.objects.filter(holding=holding, lines__gte=lines).select_related("seal").order_by("pk").first()
    )
    return True, covering.seal if covering else None


def alterations(*, bank: Bank) -> list[Alteration]:
    """Return everything in the books of a bank that does not meet what was sealed; [] if all is whole."""
    found: list[Alteration] = []
    sealed: dict[int, list[SealedHead]] = defaultdict(list)
    for head in SealedHead.objects.filter(seal__bank=bank).select_related("holding", "seal").order_by("pk"):
        sealed[head.holding_id].append(head)
    unmet = filter(None, map(_first_unmet, sealed.values()))
    found += [Alteration(one.holding.number, f"与{one.seal.day:%Y-%m-%d}的日封不符") for one in unmet]
    for seal in Seal.objects.filter(bank=bank).order_by("day"):
        rows = JournalEntry.objects.filter(kind="time_bank.seal", subject_kind="seal", subject_id=seal.pk)
        told = [row.data["root"] for row in rows]
        if root_of(_leaves(seal)) != seal.root or told != [seal.root]:
            found.append(Alteration(f"{seal.day:%Y-%m-%d}", "日封与操作日志不符"))
    return found


def _first_unmet(heads: Sequence[SealedHead]) -> SealedHead | None:
    """Return the first seal of an account that its lines do not meet."""
    holding = heads[0].holding
    lines, head, count = lines_of(holding), begin(holding.number), 0
    for sealed in heads:
        for line in lines[count : sealed.lines]:
            head = follow(head, line)
        if len(lines) < sealed.lines or head != sealed.head or lines[sealed.lines - 1]["leg"] != sealed.last_leg:
            return sealed
        count = sealed.lines
    return None


def _leaves(seal: Seal) -> list[str]:
    heads = SealedHead.objects.filter(seal=seal).order_by("place").values_list("holding__number", "lines", "head")
    return [leaf(*head) for head in heads]


def _anchored(seal: Seal) -> dict[str, Any]:
    """Return where the journal keeps the root, and the first anchor after it."""
    row = JournalEntry.objects.filter(kind="time_bank.seal", subject_kind="seal", subject_id=seal.pk).first()
    if row is None:
        return {}
    anchors = Anchor.objects.filter(day__gte=seal.day).order_by("day")
    anchor = next((a for a in anchors if a.heads.get(str(row.lane_id), [0])[0] >= row.seq), None)
    kept = {"anchor_day": anchor.day.isoformat(), "anchor": anchor.hash} if anchor else {}
    return {"journal": [row.lane_id, row.seq, row.hash], **kept}
