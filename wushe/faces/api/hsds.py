"""The service directory in the terms of Open Referral HSDS 3: who offers which service at which place.

A service is one item of the catalogue as one organisation offers it; a location is a facility; the categories of the
catalogue are a taxonomy. Ids are UUIDs that hold the numbers of the registers, so each leads back to its thing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from wushe.registers.catalogue.models import Edition, Item
from wushe.registers.facilities.models import Facility
from wushe.registers.organisations.models import Organisation

ORGANISATION, SERVICE, LOCATION, AT_LOCATION, TAXONOMY, PART = range(1, 7)
# "wushe" in the free bits of a UUID of version 8.
_MARK = int.from_bytes(b"wushe\x00")
_NAMES = UUID(int=(_MARK << 80) | (8 << 76) | (0b10 << 62))
_BITS = 31


def uuid_of(kind: int, first: int, second: int = 0) -> str:
    """Return the id of a thing from one or two numbers of the registers."""
    return str(UUID(int=_MARK << 80 | 8 << 76 | kind << 64 | 0b10 << 62 | first << _BITS | second))


def numbers_of(kind: int, text: str) -> tuple[int, int] | None:
    """Return the numbers in an id of this kind, None for any other id."""
    try:
        value = UUID(text).int
    except ValueError:
        return None
    first, second = (value >> _BITS) & (2**_BITS - 1), value & (2**_BITS - 1)
    return (first, second) if str(UUID(text)) == uuid_of(kind, first, second) else None


@dataclass(frozen=True, slots=True)
class Term:
    """A category of the catalogue: 大类, or 小类 within one."""

    category: str
    subcategory: str = ""

    def id(self, edition: Edition) -> str:
        """Return the id of the category in an edition."""
        return str(uuid5(_NAMES, f"{edition.number}/{self.category}/{self.subcategory}"))


@dataclass(frozen=True)
class Directory:
    """What is offered on a day, as far as the reader may see it."""

    organisations: list[Organisation]
    facilities: list[Facility]
    items: list[Item]
    edition: Edition | None
    on: date

    @cached_property
    def offers(self) -> list[tuple[Organisation, Item]]:
        """Return each service: an organisation with an item of a kind that it offers."""
        return [(one, item) for one in self.organisations for item in self.items if _offers(one, item)]

    @cached_property
    def places(self) -> list[tuple[Facility, Organisation, Item]]:
        """Return each service at each place of the organisation that offers it."""
        by_operator: dict[int, list[Facility]] = {}
        for place in self.facilities:
            if place.operator_id is not None:
                by_operator.setdefault(place.operator_id, []).append(place)
        return [(place, one, item) for one, item in self.offers for place in by_operator.get(one.pk, ())]

    @cached_property
    def terms(self) -> list[Term]:
        """Return the categories, each above what lies in it."""
        pairs = sorted({(item.category, item.subcategory) for item in self.items})
        above = sorted({category for category, _ in pairs})
        return [*(Term(one) for one in above), *(Term(one, two) for one, two in pairs if two)]


def organisation_of(one: Organisation) -> dict[str, Any]:
    """Return an organisation with what is simple of it."""
    return {
        "id": uuid_of(ORGANISATION, one.pk),
        "name": one.name,
        "description": f"{one.get_kind_display()}（{one.get_standing_display()}）",
        "legal_status": one.get_standing_display(),
    }


def whole_organisation_of(one: Organisation, directory: Directory) -> dict[str, Any]:
    """Return an organisation with its places and its credit code."""
    identifiers = [
        {
            "id": uuid_of(PART, one.pk, 1), "organization_id": uuid_of(ORGANISATION, one.pk),
            "identifier_scheme": "CN-USCC", "identifier_type": "统一社会信用代码", "identifier": one.uscc,
        }
    ]  # fmt: skip
    places = [location_of(place) for place in directory.facilities if place.operator_id == one.pk]
    return organisation_of(one) | {
        "locations": places, "organization_identifiers": identifiers if one.uscc else [],
    }  # fmt: skip


def service_of(one: Organisation, item: Item) -> dict[str, Any]:
    """Return a service with what is simple of it."""
    return {
        "id": uuid_of(SERVICE, one.pk, item.pk),
        "organization_id": uuid_of(ORGANISATION, one.pk),
        "name": item.name,
        "description": item.plain,
        "status": "active" if one.takes_orders else "inactive",
        "fees_description": f"每{item.get_unit_display()}{item.price_fen / 100:.2f}元" if item.price_fen else "免费",
    }


def whole_service_of(one: Organisation, item: Item, directory: Directory) -> dict[str, Any]:
    """Return a service with its organisation, where it is offered, what it costs and of which category it is."""
    own = uuid_of(SERVICE, one.pk, item.pk)
    areas = [
        {
            "id": str(uuid5(UUID(own), f"area/{code}")),
            "service_id": own,
            "name": code,
            "extent": code,
            "extent_type": "other",
            "description": "区划代码",
        }
        for code in one.serves
    ]
    cost = {
        "id": str(uuid5(UUID(own), "cost")), "service_id": own, "option": item.get_unit_display(), "currency": "CNY",
        "amount": item.price_fen / 100,
    }  # fmt: skip
    return service_of(one, item) | {
        "organization": organisation_of(one),
        "service_areas": areas,
        "cost_options": [cost],
        "service_at_locations": [
            at_location_of(place, one, item) | {"location": location_of(place)}
            for place in directory.facilities
            if place.operator_id == one.pk
        ],
        "attributes": _attributes(own, item, directory),
    }


def location_of(place: Facility) -> dict[str, Any]:
    """Return a facility as a location."""
    own = uuid_of(LOCATION, place.pk)
    found = {
        "id": own,
        "location_type": "physical",
        "name": place.name,
        "description": place.get_kind_display(),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "external_identifier": place.area_code,
        "external_identifier_type": "区划代码",
    }
    if place.operator_id is not None:
        found["organization_id"] = uuid_of(ORGANISATION, place.operator_id)
    if place.opening:
        found["schedules"] = [{"id": uuid_of(PART, place.pk, 2), "location_id": own, "description": place.opening}]
    return found


def at_location_of(place: Facility, one: Organisation, item: Item) -> dict[str, Any]:
    """Return a service at a place with what is simple of it."""
    return {
        "id": str(_at(place, one, item)),
        "service_id": uuid_of(SERVICE, one.pk, item.pk),
        "location_id": uuid_of(LOCATION, place.pk),
        "description": f"{item.name}，{place.name}",
    }


def whole_at_location_of(place: Facility, one: Organisation, item: Item, directory: Directory) -> dict[str, Any]:
    """Return a service at a place with both."""
    return at_location_of(place, one, item) | {
        "location": location_of(place), "service": whole_service_of(one, item, directory),
    }  # fmt: skip


def taxonomy_of(edition: Edition) -> dict[str, Any]:
    """Return the categories of an edition as a taxonomy."""
    return {
        "id": uuid_of(TAXONOMY, edition.pk), "name": edition.title, "description": f"服务目录的分类，依据：{edition.source}",
        "version": str(edition.number),
    }  # fmt: skip


def term_of(term: Term, edition: Edition) -> dict[str, Any]:
    """Return a category as a term of the taxonomy."""
    found = {
        "id": term.id(edition),
        "name": term.subcategory or term.category,
        "description": f"{term.category} / {term.subcategory}" if term.subcategory else term.category,
        "taxonomy": edition.title,
        "taxonomy_id": uuid_of(TAXONOMY, edition.pk),
        "language": "zh",
    }
    if term.subcategory:
        found["parent_id"] = Term(term.category).id(edition)
    return found


def term_of_item(item: Item) -> Term:
    """Return the category of an item, the narrowest."""
    return Term(item.category, item.subcategory)


def at_location_with(text: str, places: Iterable[tuple[Facility, Organisation, Item]]) -> Any:
    """Return the service at a place that an id names, None if there is no such."""
    return next((one for one in places if str(_at(*one)) == text.lower()), None)


def _at(place: Facility, one: Organisation, item: Item) -> UUID:
    return uuid5(UUID(uuid_of(AT_LOCATION, one.pk, item.pk)), str(place.pk))


def _offers(one: Organisation, item: Item) -> bool:
    return any(item.code.startswith(code) for code in one.services)


def _attributes(own: str, item: Item, directory: Directory) -> list[dict[str, Any]]:
    if directory.edition is None:
        return []
    term = term_of_item(item)
    return [
        {
            "id": str(uuid5(UUID(own), "category")), "link_id": own, "link_type": "category", "link_entity": "service",
            "taxonomy_term_id": term.id(directory.edition), "taxonomy_term": term_of(term, directory.edition),
        }
    ]  # fmt: skip
