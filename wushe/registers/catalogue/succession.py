"""What becomes of an old item in a revision (F106): it goes on under its code, another takes its place, or it ends.

Running orders and packages keep the old item; `selectors.resolve` follows what is said here to the item of a later day.
"""

from collections.abc import Sequence
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record

from .models import Edition, Item, ItemMapping
from .revision import before_of, draft_item, draft_of
from .services import CONTENT

MOST_SUCCESSORS = 10


@domain_call("catalogue:edit")
def drop_item(*, actor: Actor, at: datetime, item_id: int) -> None:
    """Take an item out of a draft; what it came from ends with it unless something else follows.

    Raises NotFound, EditionPublished.
    """
    item = draft_item(item_id)
    left = [one.old for one in ItemMapping.objects.filter(new=item).select_related("old")]
    before = before_of(item.edition)
    if before and (same := before.items.filter(code=item.code).first()):
        left.append(same)
    record(kind="item.drop", subject=item, actor=actor, at=at, data={"code": item.code})
    item.delete()
    for old in {one.pk: one for one in left}.values():
        if not ItemMapping.objects.filter(old=old).exists():
            ItemMapping.objects.create(old=old, new=None, change=ItemMapping.Change.RETIRED)


@domain_call("catalogue:edit")
def restore_item(*, actor: Actor, at: datetime, number: int, old_item_id: int) -> Item:
    """Take an item of the edition before back into a draft, as it was; raise NotFound, EditionPublished, Conflict."""
    draft = draft_of(number)
    old = _old_item(draft, old_item_id)
    if draft.items.filter(code=old.code).exists():
        raise Conflict("这一项已经在草稿里了。")
    ItemMapping.objects.filter(old=old).delete()
    item = Item(edition=draft, code=old.code, **{name: getattr(old, name) for name in CONTENT})
    item.save(force_insert=True)
    record(kind="item.restore", subject=item, actor=actor, at=at, data={"code": item.code, "edition": number})
    return item


@domain_call("catalogue:edit")
def map_item(
    *, actor: Actor, at: datetime, number: int, old_item_id: int, successor_ids: Sequence[int]
) -> list[ItemMapping]:
    """Say which items of a draft take the place of an old item; none means that it ends without a successor.

    Raises NotFound, EditionPublished, Conflict while the item itself goes on in the draft, and Invalid for a
    successor that is not in the draft or for too many.
    """
    draft = draft_of(number)
    old = _old_item(draft, old_item_id)
    if draft.items.filter(code=old.code).exists():
        raise Conflict("这一项还在草稿里，照常沿用。要换成别的，请先把它从草稿删去。")
    chosen = list(draft.items.filter(pk__in=successor_ids))
    if len(chosen) != len(set(successor_ids)):
        raise Invalid(fields={"successor_ids": "有的项目不在这一版草稿里，请重新选择。"})
    if len(chosen) > MOST_SUCCESSORS:
        raise Invalid(fields={"successor_ids": f"最多选{MOST_SUCCESSORS}项。"})
    ItemMapping.objects.filter(old=old).delete()
    kinds = ItemMapping.Change
    rows = [ItemMapping(old=old, new=new, change=_kind(old, new)) for new in chosen] or [
        ItemMapping(old=old, new=None, change=kinds.RETIRED)
    ]
    ItemMapping.objects.bulk_create(rows)
    data = {"code": old.code, "became": [new.code for new in chosen], "edition": number}
    record(kind="item.map", subject=old, actor=actor, at=at, data=data)
    return rows


def withdrawn(*, draft: Edition) -> list[Item]:
    """Return the items of the edition before that a draft no longer has, by code."""
    before = before_of(draft)
    if before is None:
        return []
    codes = draft.items.values("code")
    return list(before.items.exclude(code__in=codes).order_by("code"))


def _kind(old: Item, new: Item) -> str:
    """Return whether only code or name differ, or the service itself."""
    same = all(getattr(old, name) == getattr(new, name) for name in CONTENT if name != "name")
    return ItemMapping.Change.RENAMED if same else ItemMapping.Change.REPLACED


def _old_item(draft: Edition, item_id: int) -> Item:
    before = before_of(draft)
    old = before.items.filter(pk=item_id).first() if before else None
    if old is None:
        raise NotFound
    return old
