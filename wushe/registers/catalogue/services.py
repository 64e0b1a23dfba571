"""Keep the catalogue: an edition is loaded as a draft, published once, and from then on never changed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record

from .models import Edition, Item, ItemMapping, Package, PackageLine, Responsibility, Unit

Row = Mapping[str, Any]


class EditionPublished(Conflict):
    """A published edition is never changed."""

    message = "这一版目录已经发布，不能再改；需要调整请新建一版。"


@domain_call("catalogue:edit")
def load_edition(
    *, actor: Actor, at: datetime, number: int, title: str, effective_from: date, source: str,
    categories: Iterable[Row], items: Iterable[Row],
) -> Edition:  # fmt: skip
    """Load an edition as a draft, replacing an earlier draft of the same number; a published one is left as it is.

    Raises EditionPublished if the number is published with other items, Invalid for an item with a fault.
    """
    titles = _titles(categories)
    rows = [_item(row, titles) for row in items]
    _refuse_faults(rows)
    edition = Edition.objects.filter(number=number).first()
    if edition and edition.published:
        if {row.code: _content(row) for row in rows} != {row.code: _content(row) for row in edition.items.all()}:
            raise EditionPublished
        return edition
    if edition is None:
        edition = Edition(number=number)
    edition.title, edition.effective_from, edition.source = title, effective_from, source
    edition.save()
    edition.items.all().delete()
    for row in rows:
        row.edition = edition
    Item.objects.bulk_create(rows)
    record(kind="edition.load", subject=edition, actor=actor, at=at, data={"number": number, "items": len(rows)})
    return edition


@domain_call("catalogue:edit")
def map_editions(*, actor: Actor, at: datetime, old: Edition, new: Edition, changes: Iterable[Row]) -> int:
    """Say what became of the items of an earlier edition; return how many mappings there are.

    Items that are not named continue under the same code. Raises Invalid for a code that neither edition has.
    """
    olds = {item.code: item for item in old.items.all()}
    news = {item.code: item for item in new.items.all()}
    mappings = []
    for change in changes:
        if change["old"] is None:
            continue
        unknown = [code for code in change["new"] if code not in news]
        if change["old"] not in olds or unknown:
            raise Invalid(f"对照表中的编码 {change['old']} → {'、'.join(change['new'])} 在目录里找不到。")
        item = olds[change["old"]]
        if not change["new"]:
            mappings.append(ItemMapping(old=item, new=None, change=ItemMapping.Change.RETIRED))
        elif change["new"] != [item.code] or "renamed" in change["change"]:
            same = change["new"] == [item.code]
            kind = ItemMapping.Change.RENAMED if same else ItemMapping.Change.REPLACED
            mappings += [ItemMapping(old=item, new=news[code], change=kind) for code in change["new"]]
    ItemMapping.objects.filter(old__edition=old, new__edition=new).delete()
    ItemMapping.objects.filter(old__edition=old, new=None).delete()
    ItemMapping.objects.bulk_create(mappings)
    return len(mappings)


@domain_call("catalogue:edit")
def publish_edition(*, actor: Actor, at: datetime, edition_id: int) -> Edition:
    """Publish a draft; the edition in force before it ends on the day on which this one begins.

    Raises EditionPublished if it is published, Invalid without items or if it begins before the one in force.
    """
    edition = Edition.objects.get(pk=edition_id)
    if edition.published:
        raise EditionPublished
    if not edition.items.exists():
        raise Invalid("目录里还没有服务项目，不能发布。")
    before = Edition.objects.filter(published=True).order_by("-effective_from").first()
    if before and before.effective_from >= edition.effective_from:
        raise Invalid(fields={"effective_from": f"生效日期应晚于上一版（{before.effective_from}）。"})
    if before:
        Edition.objects.filter(pk=before.pk).update(effective_to=edition.effective_from)
    if Edition.objects.filter(pk=edition.pk, published=False).update(published=True) != 1:
        raise EditionPublished
    edition.published = True
    record(kind="edition.publish", subject=edition, actor=actor, at=at, data={"number": edition.number})
    return edition


@domain_call("catalogue:edit")
def load_packages(*, actor: Actor, at: datetime, rows: Iterable[Row]) -> int:
    """Add the package versions that are not yet known; return how many were added. A known version is left as it is.

    Raises Invalid if a line names an item that the package's edition lacks.
    """
    known = set(Package.objects.values_list("code", "version"))
    editions: dict[int, dict[str, Item]] = {}
    added = 0
    for row in rows:
        if (row["code"], row["version"]) in known:
            continue
        number = row["edition"]
        if number not in editions:
            editions[number] = {item.code: item for item in Item.objects.filter(edition__number=number)}
        _add_package(row, editions[number])
        added += 1
    return added


def _add_package(row: Row, items: Mapping[str, Item]) -> Package:
    missing = [line["item"] for line in row["lines"] if line["item"] not in items]
    if missing:
        raise Invalid(f"套餐“{row['title']}”中的 {'、'.join(missing)} 不在第{row['edition']}版目录里。")
    package = Package.objects.create(
        code=row["code"],
        version=row["version"],
        name=row["title"],
        plain=row["explanation"],
        eligibility=row["eligibility"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_last_day(row["effective_to"]),
    )
    PackageLine.objects.bulk_create(
        PackageLine(package=package, item=items[line["item"]], quantity=line["quantity"], period=line["period"])
        for line in row["lines"]
    )
    return package


def _titles(categories: Iterable[Row]) -> dict[str, tuple[str, str]]:
    """Return for each category code its 大类 and 小类: the last two titles on its path, or its own twice."""
    rows = {row["code"]: row for row in categories}
    return {
        code: (str(rows[row["parent"]]["title"]) if row["parent"] else str(row["title"]), str(row["title"]))
        for code, row in rows.items()
    }


def _item(row: Row, titles: Mapping[str, tuple[str, str]]) -> Item:
    category, own = titles.get(row["category"], ("", ""))
    evidence = row["evidence"]
    return Item(
        code=row["code"],
        name=row["name"],
        plain=row["explanation"],
        category=category,
        subcategory=own if own != category else "",
        unit=row["unit"],
        minutes=row["minutes"],
        skills=list(row["skills"]),
        performers=list(row["who"]),
        two_people=row["two_people"],
        price_fen=row["price_fen"],
        photos=sum(1 for kind in evidence if kind.startswith("photo_")),
        signature="signature" in evidence,
        responsible_party=row["responsible_party"],
        keywords=list(row["keywords"]),
    )


def _refuse_faults(items: list[Item]) -> None:
    """Raise Invalid naming the first item with a fault: doubled code, unknown category, unit, party or a negative."""
    seen: set[str] = set()
    for item in items:
        fault = (
            (item.code in seen and "编码重复")
            or (not item.category and "类别不在目录树里")
            or (item.unit not in Unit.values and "计量单位不认识")
            or (item.responsible_party not in Responsibility.values and "责任方不认识")
            or ((item.minutes < 0 or item.price_fen < 0) and "时长或价格为负")
        )
        if fault:
            raise Invalid(f"服务项目 {item.code} {item.name}：{fault}。")
        seen.add(item.code)


CONTENT = (
    "name", "plain", "category", "subcategory", "unit", "minutes", "skills", "performers", "two_people", "price_fen",
    "photos", "signature", "responsible_party", "keywords",
)  # fmt: skip


def _content(item: Item) -> list[Any]:
    return [getattr(item, name) for name in CONTENT]


def _last_day(text: str | None) -> date | None:
    """Return the first day on which a period no longer holds, from the last day that a data file names."""
    return date.fromordinal(date.fromisoformat(text).toordinal() + 1) if text else None
