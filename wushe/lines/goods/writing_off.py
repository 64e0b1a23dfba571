"""What cannot be used is set apart by one person and written off by another."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid, SecondPerson
from wushe.foundation.scope import obtain
from wushe.ledgers import lots
from wushe.ledgers.lots import move_parts

from .models import Position, WriteOff
from .receiving import position_for, take
from .shelves import NotInStock, gone_account, left_on
from .states import WriteOffReason, WriteOffState
from .workflow import WRITE_OFF


@domain_call("goods:keep")
def ask_write_off(
    *, actor: Actor, at: datetime, position_id: int, quantity: int, reason: str, note: str, set_apart: bool = False
) -> WriteOff:
    """Ask that goods be written off; they are set apart at once. `set_apart` means those that already are.

    Raises NotFound, Invalid, NotInStock.
    """
    position = position_for(actor, position_id)
    checks = {
        "quantity": (quantity >= 1, "请填写数量，至少为1。"),
        "reason": (reason in WriteOffReason.values, "请选择原因。"),
        "note": (2 <= len(note.strip()) <= 200, "请写明情况（2到200个字）。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    if set_apart and waiting_apart(position) < quantity:
        raise NotInStock(left=waiting_apart(position), unit=position.batch.article.unit)
    asked = WriteOff(
        position=position, area_code=position.area_code, quantity=quantity, reason=reason, note=note.strip(),
        asked_at=at, asked_by=actor.user_id,
    )  # fmt: skip
    WRITE_OFF.start(asked, event="ask", actor=actor, at=at, data={"quantity": quantity, "reason": reason})
    if not set_apart:
        asked.apart_entry = take(
            position, quantity, actor=actor, at=at, target_id=position.shelf.blocked_id,
            key=f"goods:apart:{asked.pk}", memo="停用待报损",
        )  # fmt: skip
        asked.save(update_fields=["apart_entry"])
    return asked


def waiting_apart(position: Position) -> int:
    """Return how much of a batch is set apart at its place and not yet asked to be written off."""
    asked = position.write_offs.filter(state=WriteOffState.ASKED).values_list("quantity", flat=True)
    return left_on(position.shelf.blocked_id, position.batch.lot_id) - sum(asked)


@domain_call("goods:second")
def agree_write_off(*, actor: Actor, at: datetime, write_off_id: int, answer: str = "") -> WriteOff:
    """Write the goods off; never by who asked. Raises NotFound, SecondPerson, Invalid, MoveNotAllowed."""
    asked = _asked_for(actor, write_off_id)
    if asked.asked_by == actor.user_id:
        raise SecondPerson
    WRITE_OFF.edge(asked.state, "agree")
    position = asked.position
    gone = gone_account(actor=actor, at=at, area_code=asked.area_code)
    entry = move_parts(
        actor=actor, at=at, key=f"goods:gone:{asked.pk}", memo=f"报损：{asked.get_reason_display()}",
        source_id=position.shelf.blocked_id, target_id=gone.pk, parts=[(position.batch.lot_id or 0, asked.quantity)],
    )  # fmt: skip
    changes = {"decided_at": at, "decided_by": actor.user_id, "answer": _short(answer), "entry": entry}
    WRITE_OFF.move(asked, "agree", actor=actor, at=at, changes=changes)
    return asked


@domain_call("goods:second")
def refuse_write_off(*, actor: Actor, at: datetime, write_off_id: int, answer: str) -> WriteOff:
    """Refuse; what was set apart for it is free again. Raises NotFound, Invalid without a reason, MoveNotAllowed."""
    asked = _asked_for(actor, write_off_id)
    if not answer.strip():
        raise Invalid(fields={"answer": "请写明为什么不同意。"})
    changes = {"decided_at": at, "decided_by": actor.user_id, "answer": _short(answer)}
    WRITE_OFF.move(asked, "refuse", actor=actor, at=at, changes=changes)
    if asked.apart_entry_id:
        lots.reverse(actor=actor, at=at, entry_id=asked.apart_entry_id, memo="不报损，恢复库存")
    return asked


def _short(answer: str) -> str:
    if len(answer.strip()) > 200:
        raise Invalid(fields={"answer": "请写在200个字以内。"})
    return answer.strip()


def _asked_for(actor: Actor, write_off_id: int) -> WriteOff:
    rows = WriteOff.objects.select_related("position__batch__article", "position__shelf__facility")
    return obtain(rows, actor, pk=write_off_id)
