"""The service directory for readers of Open Referral HSDS 3; where the installation opens it, without a token."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api import hsds
from wushe.faces.api.authentication import ApiRequest, TokenOrOpenDirectory
from wushe.faces.api.hsds import Directory
from wushe.faces.api.kinds import LARGEST, Words
from wushe.faces.api.operations import Resource
from wushe.foundation.errors import NotFound
from wushe.registers.catalogue.selectors import edition_on, items_on
from wushe.registers.facilities.selectors import facilities
from wushe.registers.organisations.selectors import organisations

router = Resource("服务目录（HSDS）")
T = TypeVar("T")
VERSION, PROFILE = "3.0", "https://docs.openreferral.org/en/3.0/hsds/"
_OPEN = {"auth": TokenOrOpenDirectory(), "exclude_none": True}
Thing = dict[str, Any]


class Meta(Schema):
    """Which version of HSDS is spoken, and where this interface describes itself."""

    version: str
    profile: str
    openapi_url: str


class HsdsPage(Schema, Generic[T]):
    """A page as HSDS wants it."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[T]


class Organization(Schema):
    """An organisation."""

    id: UUID
    name: str
    description: str
    legal_status: str
    locations: list[Thing] | None = None
    organization_identifiers: list[Thing] | None = None
    services: list[Thing] | None = None


class Service(Schema):
    """A service of an organisation."""

    id: UUID
    organization_id: UUID
    name: str
    description: str
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    fees_description: str
    organization: Thing | None = None
    service_areas: list[Thing] | None = None
    service_at_locations: list[Thing] | None = None
    cost_options: list[Thing] | None = None
    attributes: list[Thing] | None = None


class ServiceAtLocation(Schema):
    """A service at a place."""

    id: UUID
    service_id: UUID
    location_id: UUID
    description: str
    location: Thing | None = None
    service: Thing | None = None


class Taxonomy(Schema):
    """The categories of the catalogue in force."""

    id: UUID
    name: str
    description: str
    version: str


class TaxonomyTerm(Schema):
    """A category."""

    id: UUID
    name: str
    description: str
    taxonomy: str
    taxonomy_id: UUID
    language: str
    parent_id: UUID | None = None


class PageQuery(Schema):
    """Which page, and what is looked for."""

    search: Words = ""
    page: Annotated[int, Field(ge=1, le=LARGEST)] = 1
    per_page: Annotated[int, Field(ge=1, le=200)] = 50
    format: Literal["json"] = "json"


class FullQuery(PageQuery):
    """Whether everything that belongs to a thing is wanted with it."""

    full: bool = False


class ServiceQuery(FullQuery):
    """Whose services, and of which category."""

    organization_id: UUID | None = None
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None


class OrganizationQuery(FullQuery):
    """Whether the services are wanted with the organisations."""

    full_service: bool = False


class TermQuery(PageQuery):
    """Which categories."""

    taxonomy_id: UUID | None = None
    parent_id: UUID | None = None
    top_only: bool = False


class FullService(Schema):
    """Whether the services are wanted with the organisation."""

    full_service: bool = False


@router.reads("/", gives=Meta, name="hsds_meta", summary="接口说明（HSDS）", **_OPEN)
def meta(request: ApiRequest) -> Thing:
    """Say which version of HSDS is spoken here."""
    return {
        "version": VERSION, "profile": PROFILE, "openapi_url": request.build_absolute_uri("/api/v1/openapi.json"),
    }  # fmt: skip


@router.reads(
    "/organizations",
    "registers:view",
    gives=HsdsPage[Organization],
    name="hsds_organizations",
    summary="组织（HSDS）",
    **_OPEN,
)
def organization_list(request: ApiRequest, where: Query[OrganizationQuery]) -> Thing:
    """List the organisations."""
    known = _directory(request)
    found = [one for one in known.organisations if where.search in one.name]
    whole = where.full or where.full_service

    def show(one: Any) -> Thing:
        shown = hsds.whole_organisation_of(one, known) if whole else hsds.organisation_of(one)
        return shown | (_services_of(one, known) if where.full_service else {})

    return _page(found, where, show)


@router.reads(
    "/organizations/{id}",
    "registers:view",
    gives=Organization,
    name="hsds_organization",
    summary="一家组织（HSDS）",
    **_OPEN,
)
def organization(request: ApiRequest, id: UUID, where: Query[FullService]) -> Thing:  # noqa: A002 — the name in HSDS
    """Show one organisation."""
    known, numbers = _directory(request), hsds.numbers_of(hsds.ORGANISATION, str(id))
    one = next((one for one in known.organisations if numbers and one.pk == numbers[0]), None)
    if one is None:
        raise NotFound
    return hsds.whole_organisation_of(one, known) | (_services_of(one, known) if where.full_service else {})


@router.reads(
    "/services", "registers:view", gives=HsdsPage[Service], name="hsds_services", summary="服务（HSDS）", **_OPEN
)
def service_list(request: ApiRequest, where: Query[ServiceQuery]) -> Thing:
    """List the services."""
    known = _directory(request)
    found = [(one, item) for one, item in known.offers if _wanted(one, item, known, where)]
    return _page(found, where, lambda pair: (
        hsds.whole_service_of(*pair, known) if where.full else hsds.service_of(*pair)
    ))  # fmt: skip


@router.reads(
    "/services/{id}", "registers:view", gives=Service, name="hsds_service", summary="一项服务（HSDS）", **_OPEN
)
def service(request: ApiRequest, id: UUID) -> Thing:  # noqa: A002
    """Show one service with all that belongs to it."""
    known, numbers = _directory(request), hsds.numbers_of(hsds.SERVICE, str(id))
    pair = next((pair for pair in known.offers if numbers == (pair[0].pk, pair[1].pk)), None)
    if pair is None:
        raise NotFound
    return hsds.whole_service_of(*pair, known)


@router.reads(
    "/service_at_locations", "registers:view", gives=HsdsPage[ServiceAtLocation], name="hsds_service_at_locations",
    summary="各处的服务（HSDS）", **_OPEN,
)  # fmt: skip
def at_location_list(request: ApiRequest, where: Query[ServiceQuery]) -> Thing:
    """List the services at the places where they are offered."""
    known = _directory(request)
    found = [one for one in known.places if _wanted(one[1], one[2], known, where)]
    return _page(found, where, lambda one: (
        hsds.whole_at_location_of(*one, known) if where.full else hsds.at_location_of(*one)
    ))  # fmt: skip


@router.reads(
    "/service_at_locations/{id}", "registers:view", gives=ServiceAtLocation, name="hsds_service_at_location", summary="一处的服务（HSDS）",
    **_OPEN,
)  # fmt: skip
def at_location(request: ApiRequest, id: UUID) -> Thing:  # noqa: A002
    """Show one service at one place."""
    known = _directory(request)
    found = hsds.at_location_with(str(id), known.places)
    if found is None:
        raise NotFound
    return hsds.whole_at_location_of(*found, known)


@router.reads(
    "/taxonomies",
    "registers:view",
    gives=HsdsPage[Taxonomy],
    name="hsds_taxonomies",
    summary="分类体系（HSDS）",
    **_OPEN,
)
def taxonomy_list(request: ApiRequest, where: Query[PageQuery]) -> Thing:
    """List the one taxonomy: the categories of the catalogue in force."""
    edition = _directory(request).edition
    found = [edition] if edition and where.search in edition.title else []
    return _page(found, where, hsds.taxonomy_of)


@router.reads(
    "/taxonomies/{id}", "registers:view", gives=Taxonomy, name="hsds_taxonomy", summary="一个分类体系（HSDS）", **_OPEN
)
def taxonomy(request: ApiRequest, id: UUID) -> Thing:  # noqa: A002
    """Show the taxonomy."""
    edition = _directory(request).edition
    if edition is None or str(id) != hsds.uuid_of(hsds.TAXONOMY, edition.pk):
        raise NotFound
    return hsds.taxonomy_of(edition)


@router.reads(
    "/taxonomy_terms",
    "registers:view",
    gives=HsdsPage[TaxonomyTerm],
    name="hsds_taxonomy_terms",
    summary="分类（HSDS）",
    **_OPEN,
)
def term_list(request: ApiRequest, where: Query[TermQuery]) -> Thing:
    """List the categories."""
    shown = [
        one
        for one in _terms(request)
        if where.search in one["name"]
        and str(where.taxonomy_id or one["taxonomy_id"]) == one["taxonomy_id"]
        and (where.parent_id is None or str(where.parent_id) == one.get("parent_id"))
        and not (where.top_only and "parent_id" in one)
    ]
    return _page(shown, where, lambda one: one)


@router.reads(
    "/taxonomy_terms/{id}",
    "registers:view",
    gives=TaxonomyTerm,
    name="hsds_taxonomy_term",
    summary="一个分类（HSDS）",
    **_OPEN,
)
def term(request: ApiRequest, id: UUID) -> Thing:  # noqa: A002
    """Show one category."""
    found = next((one for one in _terms(request) if one["id"] == str(id)), None)
    if found is None:
        raise NotFound
    return found


def _directory(request: ApiRequest) -> Directory:
    """Return what is offered today, as far as the token sees it."""
    today = timezone.localdate()
    return Directory(
        organisations=list(organisations(actor=request.actor).order_by("pk")),
        facilities=list(facilities(actor=request.actor, on=today).order_by("pk")),
        items=list(items_on(day=today)),
        edition=edition_on(day=today),
        on=today,
    )


def _terms(request: ApiRequest) -> list[Thing]:
    known = _directory(request)
    return [hsds.term_of(one, known.edition) for one in known.terms] if known.edition else []


def _services_of(one: Any, known: Directory) -> Thing:
    return {"services": [hsds.service_of(*pair) for pair in known.offers if pair[0].pk == one.pk]}


def _wanted(one: Any, item: Any, known: Directory, where: ServiceQuery) -> bool:
    edition = known.edition
    if where.search not in item.name and where.search not in item.plain:
        return False
    if where.organization_id and str(where.organization_id) != hsds.uuid_of(hsds.ORGANISATION, one.pk):
        return False
    if where.taxonomy_id and (edition is None or str(where.taxonomy_id) != hsds.uuid_of(hsds.TAXONOMY, edition.pk)):
        return False
    if where.taxonomy_term_id is None:
        return True
    terms = {hsds.term_of_item(item), hsds.Term(item.category)}
    return edition is not None and str(where.taxonomy_term_id) in {one.id(edition) for one in terms}


def _page(found: list[Any], where: PageQuery, show: Callable[[Any], Thing]) -> Thing:
    pages = max(1, -(-len(found) // where.per_page))
    start = (where.page - 1) * where.per_page
    contents = [show(one) for one in found[start : start + where.per_page]]
    return {
        "total_items": len(found), "total_pages": pages, "page_number": where.page, "size": len(contents),
        "first_page": where.page == 1, "last_page": where.page >= pages, "empty": not contents, "contents": contents,
    }  # fmt: skip
