"""The service catalogue: editions with effective dates, their items, and packages."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Body, Count, Day, Done, Fen, Id, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import NotFound
from wushe.registers.catalogue import revision, services, succession
from wushe.registers.catalogue.models import Edition, Item, Package, PackageLine, Responsibility, Unit
from wushe.registers.catalogue.selectors import (
    diff,
    edition_of,
    editions,
    item_with_edition,
    items_of,
    package_versions,
    packages_on,
)

router = Resource("服务目录")


class EditionShown(Schema):
    """One edition of the catalogue."""

    id: int
    number: int
    title: str
    effective_from: date
    effective_to: date | None
    source: str
    published: bool


class ItemShown(Schema):
    """One service of one edition."""

    id: int
    edition_id: int
    code: str
    name: str
    plain: str
    category: str
    subcategory: str
    unit: str
    minutes: int
    skills: list[str]
    performers: list[str]
    two_people: bool
    price_fen: int
    photos: int
    signature: bool
    responsible_party: str
    keywords: list[str]


class ItemChangeShown(Schema):
    """One item that differs between two editions."""

    kind: str
    code: str
    old: ItemShown | None
    new: ItemShown | None
    fields: list[str]


class PackageLineShown(Schema):
    """An item of a package."""

    item_id: int
    item_code: str
    quantity: int
    period: str

    @staticmethod
    def resolve_item_code(line: PackageLine) -> str:
        """Return the code of the item."""
        return line.item.code


class PackageShown(Schema):
    """One version of a package."""

    id: int
    code: str
    version: int
    name: str
    plain: str
    eligibility: dict[str, Any]
    effective_from: date
    effective_to: date | None
    lines: list[PackageLineShown]

    @staticmethod
    def resolve_lines(package: Package) -> list[PackageLine]:
        """Return the items of the package."""
        return list(package.lines.all())


class Search(Schema):
    """What is looked for."""

    text: Words = ""


class Versions(Schema):
    """Whether versions that no longer hold are wanted as well."""

    all: bool = False


class NewEdition(Body):
    """A revision to be begun."""

    title: Words
    effective_from: Day
    source: Words


class ItemChanges(Body):
    """What is changed of an item; what is not named stays."""

    name: Words | None = None
    plain: Words | None = None
    unit: Unit | None = None
    minutes: Count | None = None
    price_fen: Fen | None = None
    photos: Count | None = None
    signature: bool | None = None
    two_people: bool | None = None
    responsible_party: Responsibility | None = None
    keywords: list[Words] | None = None


@router.reads("/editions", "catalogue:view", gives=list[EditionShown], name="edition_list", summary="目录版本")
def edition_list(request: ApiRequest) -> list[Edition]:
    """List all editions, newest first."""
    return list(editions())


@router.reads("/editions/{number}", "catalogue:view", gives=EditionShown, name="edition", summary="一版目录")
def edition(request: ApiRequest, number: Count) -> Edition:
    """Show one edition."""
    return _edition(number)


@router.lists(
    "/editions/{number}/items", "catalogue:view", item=ItemShown, name="item_list", summary="一版目录里的服务项目",
    newest_first=False,
)  # fmt: skip
def item_list(request: ApiRequest, number: Count, where: Query[Search], paging: Query[Paging]) -> QuerySet[Item]:
    """List the services of an edition."""
    return items_of(edition=_edition(number), text=where.text)


@router.reads(
    "/editions/{number}/changes/{other}", "catalogue:view", gives=list[ItemChangeShown], name="edition_diff",
    summary="两版目录的差别",
)  # fmt: skip
def changes(request: ApiRequest, number: Count, other: Count) -> Any:
    """Say what differs between an edition and a later one."""
    return diff(old=_edition(number), new=_edition(other))


@router.reads("/items/{item_id}", "catalogue:view", gives=ItemShown, name="item", summary="一个服务项目")
def item(request: ApiRequest, item_id: Id) -> Item:
    """Show one service."""
    found = item_with_edition(item_id=item_id)
    if found is None:
        raise NotFound
    return found


@router.reads("/packages", "catalogue:view", gives=list[PackageShown], name="package_list", summary="套餐")
def packages(request: ApiRequest, where: Query[Versions]) -> list[Package]:
    """List the packages in force, or every version of each."""
    return list(package_versions() if where.all else packages_on(day=timezone.localdate()))


@router.acts(
    "/editions", "catalogue:edit", gives=EditionShown, status=201, name="edition_begin", summary="开始修订目录"
)
def begin(request: ApiRequest, body: NewEdition) -> Edition:
    """Begin a draft as a copy of the latest published edition."""
    return revision.begin_revision(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/editions/{number}/publish", "catalogue:edit", gives=EditionShown, name="edition_publish", summary="发布目录"
)
def publish(request: ApiRequest, number: Count) -> Edition:
    """Publish a draft."""
    return services.publish_edition(actor=request.actor, at=timezone.now(), edition_id=_edition(number).pk)


@router.acts(
    "/items/{item_id}",
    "catalogue:edit",
    gives=ItemShown,
    method="PATCH",
    name="item_change",
    summary="修改草稿里的项目",
)
def change(request: ApiRequest, item_id: Id, body: ItemChanges) -> Item:
    """Change what is named of an item of a draft."""
    given = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    return revision.change_item(actor=request.actor, at=timezone.now(), item_id=item_id, changes=given)


@router.acts("/items/{item_id}/drop", "catalogue:edit", gives=Done, name="item_drop", summary="从草稿里删去项目")
def drop(request: ApiRequest, item_id: Id) -> dict[str, int]:
    """Take an item out of a draft."""
    succession.drop_item(actor=request.actor, at=timezone.now(), item_id=item_id)
    return {"count": 1}


def _edition(number: int) -> Edition:
    found = edition_of(number=number)
    if found is None:
        raise NotFound
    return found
