"""Read the catalogue: what is in force on a day, how editions differ, what an old item became, who gets which package."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from wushe.registers.people.models import Person
from wushe.registers.people.selectors import standing_codes

from .eligibility import Applicant, eligible
from .models import Edition, Item, ItemMapping, Package
from .services import CONTENT


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that differs between two editions: "new", "retired" or "changed", and in which fields."""

    kind: str
    code: str
    old: Item | None
    new: Item | None
    fields: tuple[str, ...] = ()


def editions() -> QuerySet[Edition]:
    """Return all editions, newest first."""
    return Edition.objects.order_by("-number")


def edition_on(*, day: date) -> Edition | None:
    """Return the published edition in force on a day."""
    return (
        Edition.objects.filter(Q(effective_to=None) | Q(effective_to__gt=day), published=True, effective_from__lte=day)
        .order_by("-effective_from")
        .first()
    )


def latest_published() -> Edition | None:
    """Return the newest published edition, whether it is in force already or not."""
    return Edition.objects.filter(published=True).order_by("-number").first()


def items_on(*, day: date) -> QuerySet[Item]:
    """Return the items of the edition in force on a day, in the order of their codes."""
    return Item.objects.filter(
        Q(edition__effective_to=None) | Q(edition__effective_to__gt=day),
        edition__published=True,
        edition__effective_from__lte=day,
    ).order_by("code")


def item_of(*, item_id: int) -> Item | None:
    """Return an item of any edition."""
    return Item.objects.filter(pk=item_id).first()


def diff(*, old: Edition, new: Edition) -> list[ItemChange]:
    """Return what differs between two editions, by code."""
    before = {item.code: item for item in old.items.all()}
    after = {item.code: item for item in new.items.all()}
    changes = []
    for code in sorted(before.keys() | after.keys()):
        was, now = before.get(code), after.get(code)
        if was is None or now is None:
            changes.append(ItemChange("new" if was is None else "retired", code, was, now))
            continue
        fields = tuple(name for name in CONTENT if getattr(was, name) != getattr(now, name))
        if fields:
            changes.append(ItemChange("changed", code, was, now, fields))
    return changes


def resolve(*, item: Item, day: date) -> list[Item]:
    """Return what an item is on a day: itself, its successors through every later edition, [] if it was retired."""
    target = edition_on(day=day)
    if target is None or item.edition_id == target.pk or item.edition.number > target.number:
        return [item]
    later = (
        Edition.objects.filter(published=True, number__gt=item.edition.number, number__lte=target.number)
        .order_by("number")
        .first()
    )
    if later is None:
        return [item]
    found = [new for step in _next_of(item, later) for new in resolve(item=step, day=day)]
    return list({new.pk: new for new in found}.values())


def _next_of(item: Item, later: Edition) -> list[Item]:
    mappings = list(ItemMapping.objects.filter(old=item).select_related("new__edition"))
    if mappings:
        return [m.new for m in mappings if m.new is not None and m.new.edition_id == later.pk]
    return list(later.items.select_related("edition").filter(code=item.code))


def packages_on(*, day: date) -> QuerySet[Package]:
    """Return the package versions in force on a day with their lines."""
    return (
        Package.objects.filter(Q(effective_to=None) | Q(effective_to__gt=day), effective_from__lte=day)
        .prefetch_related("lines__item")
        .order_by("code", "version")
    )


def eligible_packages(*, person: Person, day: date) -> list[Package]:
    """Return the packages for which a person qualifies on a day, by the conditions written in each."""
    applicant = Applicant(
        born_on=person.born_on, ability_level=person.ability_level, tags=standing_codes(person=person, on=day)
    )
    return [package for package in packages_on(day=day) if eligible(package.eligibility, applicant, on=day)]


def edition_of(*, number: int) -> Edition | None:
    """Return an edition by its number, a draft too."""
    return Edition.objects.filter(number=number).first()


def items_of(*, edition: Edition, text: str = "") -> QuerySet[Item]:
    """Return the items of an edition in the order of their codes, those whose name, code or words match a text."""
    items = edition.items.order_by("code")
    words = text.strip()
    if not words:
        return items
    return items.filter(Q(name__contains=words) | Q(code__istartswith=words) | Q(plain__contains=words))


def item_with_edition(*, item_id: int) -> Item | None:
    """Return an item of any edition together with its edition."""
    return Item.objects.select_related("edition").filter(pk=item_id).first()


def fate_of(*, item: Item, drafts: bool = False) -> list[ItemMapping]:
    """Return what became of an item in the next edition, where the revision says so; of a draft only if asked for."""
    later = Edition.objects.filter(number__gt=item.edition.number, published=True)
    if not drafts and not later.exists():
        return []
    return list(ItemMapping.objects.filter(old=item).select_related("new__edition"))


def categories_of(*, edition: Edition) -> list[tuple[str, str]]:
    """Return the pairs of 大类 and 小类 of an edition, in their order."""
    return list(edition.items.values_list("category", "subcategory").distinct().order_by("category", "subcategory"))


def origin_of(*, item: Item) -> list[ItemMapping]:
    """Return from which items of the earlier edition an item came, where the revision says so."""
    return list(ItemMapping.objects.filter(new=item).select_related("old__edition"))


def same_code(*, item: Item) -> list[Item]:
    """Return the item of this code in every edition, the oldest first."""
    return list(Item.objects.select_related("edition").filter(code=item.code).order_by("edition__number"))


def package_versions() -> QuerySet[Package]:
    """Return every version of every package with its lines, the newest version of each first."""
    return Package.objects.prefetch_related("lines__item").order_by("code", "-version")
