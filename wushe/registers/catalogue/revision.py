"""Revise the catalogue (F106, F136): a published edition is never touched.

A draft begins as a copy of the edition in force; its items are changed, added and withdrawn one by one, each old item
says what becomes of it (succession.py), and the draft is published once.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record

from .models import Edition, Item, Responsibility, Unit
from .services import CONTENT, EditionPublished

EDITABLE = CONTENT
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[0-9]+)?")
MOST_MINUTES, MOST_PHOTOS, MOST_KEYWORDS = 24 * 60, 9, 20


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
    if faults := _head_faults(title, effective_from, source, latest):
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
def change_draft(*, actor: Actor, at: datetime, number: int, title: str, effective_from: date, source: str) -> Edition:
    """Change the name, the first day or the source of a draft; raise NotFound, EditionPublished, or Invalid."""
    draft = draft_of(number)
    faults = _head_faults(title, effective_from, source, before_of(draft))
    if faults:
        raise Invalid(fields=faults)
    draft.title, draft.effective_from, draft.source = title.strip(), effective_from, source.strip()
    draft.save(update_fields=["title", "effective_from", "source"])
    data = {"number": number, "from": str(effective_from)}
    record(kind="edition.change", subject=draft, actor=actor, at=at, data=data)
    return draft


@domain_call("catalogue:edit")
def add_item(*, actor: Actor, at: datetime, number: int, code: str, content: Mapping[str, Any]) -> Item:
    """Add a service that no earlier edition has, or take up a code anew, in a draft.

    Raises NotFound, EditionPublished, and Invalid for a code that is taken or misshapen, or beside each field at fault.
    """
    draft, code = draft_of(number), code.strip().upper()
    faults = _content_faults({"category": "", "name": "", "unit": "", "responsible_party": "", **content})
    if not CODE.fullmatch(code) or len(code) > 20:
        faults["code"] = "编码以大写字母开头，后面是字母、数字，可以带横线和序号，例如 H101-09。"
    elif draft.items.filter(code=code).exists():
        faults["code"] = "这一版里已有这个编码，请换一个。"
    if faults:
        raise Invalid(fields=faults)
    item = Item(edition=draft, code=code, **{name: content[name] for name in CONTENT if name in content})
    item.save(force_insert=True)
    record(kind="item.add", subject=item, actor=actor, at=at, data={"code": code, "edition": number})
    return item


@domain_call("catalogue:edit")
def change_item(*, actor: Actor, at: datetime, item_id: int, changes: Mapping[str, Any]) -> Item:
    """Change an item of a draft; raise NotFound, EditionPublished, or Invalid beside each field at fault."""
    item = draft_item(item_id)
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise Invalid(f"不能修改：{'、'.join(sorted(unknown))}。")
    if faults := _content_faults(changes):
        raise Invalid(fields=faults)
    changed = sorted(name for name, value in changes.items() if getattr(item, name) != value)
    for name in changed:
        setattr(item, name, changes[name])
    if changed:
        item.save(update_fields=changed)
        data = {"code": item.code, "fields": changed}
        record(kind="item.change", subject=item, actor=actor, at=at, data=data)
    return item


def draft_of(number: int) -> Edition:
    """Return a draft by its number; raise NotFound, EditionPublished."""
    draft = Edition.objects.filter(number=number).first()
    if draft is None:
        raise NotFound
    if draft.published:
        raise EditionPublished
    return draft


def before_of(draft: Edition) -> Edition | None:
    """Return the published edition that a draft will follow."""
    return Edition.objects.filter(published=True, number__lt=draft.number).order_by("-number").first()


def draft_item(item_id: int) -> Item:
    """Return an item of a draft with its edition; raise NotFound, EditionPublished."""
    item = Item.objects.select_related("edition").filter(pk=item_id).first()
    if item is None:
        raise NotFound
    if item.edition.published:
        raise EditionPublished
    return item


def _head_faults(title: str, effective_from: date, source: str, before: Edition | None) -> dict[str, str]:
    faults = {name: "请填写。" for name, words in (("title", title), ("source", source)) if not words.strip()}
    if before and effective_from <= before.effective_from:
        faults["effective_from"] = f"生效日期应晚于现行一版（{before.effective_from}）。"
    return faults


def _content_faults(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the given properties of an item, by name."""
    faults = {}
    if "name" in content and not 2 <= len(str(content["name"]).strip()) <= 60:
        faults["name"] = "请填写名称（2到60个字）。"
    if "category" in content and not 1 <= len(str(content["category"]).strip()) <= 40:
        faults["category"] = "请填写大类（40个字以内）。"
    if "unit" in content and content["unit"] not in Unit.values:
        faults["unit"] = "请选择计量单位。"
    if "responsible_party" in content and content["responsible_party"] not in Responsibility.values:
        faults["responsible_party"] = "请选择责任方。"
    for name, most in (("minutes", MOST_MINUTES), ("price_fen", None), ("photos", MOST_PHOTOS)):
        value = content.get(name, 0)
        if not isinstance(value, int) or value < 0 or (most is not None and value > most):
            faults[name] = f"请填写0到{most}的整数。" if most else "请填写不小于0的整数。"
    if len(content.get("keywords", [])) > MOST_KEYWORDS:
        faults["keywords"] = f"最多{MOST_KEYWORDS}个说法。"
    return faults
