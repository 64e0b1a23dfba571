"""Revise the catalogue (F106, F136): a published edition is never touched.

A draft begins as a copy of the edition in force, its items are changed one by one, and it is published once.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record

from .models import Edition, Item, Responsibility, Unit
from .services import CONTENT, EditionPublished

EDITABLE = ("name", "plain", "unit", "minutes", "price_fen", "photos", "signature", "two_people", "responsible_party")


class DraftExists(Conflict):
    """One revision at a time."""

    message = "已经有一版草稿，请先把它发布，再开始下一版。"


@domain_call("catalogue:edit")
def begin_revision(*, actor: Actor, at: datetime, title: str, effective_from: date, source: str) -> Edition:
    """Begin a draft as a copy of the latest published edition.

    Raises DraftExists while another draft stands, and Invalid without a title or source, without a published edition,
    or for a start that is not after that of the edition in force.
    """
    if Edition.objects.filter(published=False).exists():
        raise DraftExists
    latest = Edition.objects.filter(published=True).order_by("-effective_from").first()
    if latest is None:
        raise Invalid("还没有已发布的目录，不能修订。")
    faults = {name: "请填写。" for name, words in (("title", title), ("source", source)) if not words.strip()}
    if effective_from <= latest.effective_from:
        faults["effective_from"] = f"生效日期应晚于现行一版（{latest.effective_from}）。"
    if faults:
        raise Invalid(fields=faults)
    newest = Edition.objects.order_by("-number").values_list("number", flat=True)[0]
    draft = Edition.objects.create(
        number=newest + 1, title=title.strip(), effective_from=effective_from, source=source.strip()
    )
    copies = [
        Item(edition=draft, code=item.code, **{name: getattr(item, name) for name in CONTENT})
        for item in latest.items.all()
    ]
    Item.objects.bulk_create(copies, batch_size=500)
    record(kind="edition.draft", subject=draft, actor=actor, at=at, data={"number": draft.number, "items": len(copies)})
    return draft


@domain_call("catalogue:edit")
def change_item(*, actor: Actor, at: datetime, item_id: int, changes: Mapping[str, Any]) -> Item:
    """Change an item of a draft; raise NotFound, EditionPublished, or Invalid beside each field at fault."""
    item = _of_draft(item_id)
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise Invalid(f"不能修改：{'、'.join(sorted(unknown))}。")
    _refuse_faults(changes)
    changed = sorted(name for name, value in changes.items() if getattr(item, name) != value)
    for name in changed:
        setattr(item, name, changes[name])
    if changed:
        item.save(update_fields=changed)
        data = {"code": item.code, "fields": changed}
        record(kind="item.change", subject=item, actor=actor, at=at, data=data)
    return item


@domain_call("catalogue:edit")
def drop_item(*, actor: Actor, at: datetime, item_id: int) -> None:
    """Take an item out of a draft; raise NotFound or EditionPublished."""
    item = _of_draft(item_id)
    record(kind="item.drop", subject=item, actor=actor, at=at, data={"code": item.code})
    item.delete()


def _of_draft(item_id: int) -> Item:
    item = Item.objects.select_related("edition").filter(pk=item_id).first()
    if item is None:
        raise NotFound
    if item.edition.published:
        raise EditionPublished
    return item


def _refuse_faults(changes: Mapping[str, Any]) -> None:
    faults = {}
    if "name" in changes and not 2 <= len(str(changes["name"]).strip()) <= 60:
        faults["name"] = "请填写名称（2到60个字）。"
    if "unit" in changes and changes["unit"] not in Unit.values:
        faults["unit"] = "请选择计量单位。"
    if "responsible_party" in changes and changes["responsible_party"] not in Responsibility.values:
        faults["responsible_party"] = "请选择责任方。"
    for name in ("minutes", "price_fen", "photos"):
        if name in changes and (not isinstance(changes[name], int) or changes[name] < 0):
            faults[name] = "请填写不小于0的整数。"
    if faults:
        raise Invalid(fields=faults)
