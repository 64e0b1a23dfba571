"""Read communities: the roster of the council and of each backbone role, who is missing, and the member units."""

from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible, within
from wushe.registers.organisations.models import Organisation, OrganisationKind
from wushe.registers.people.models import Person

from .models import COUNCIL, Community, Seat, SeatKind, Term


@dataclass(frozen=True, slots=True)
class Roster:
    """One role of a community: its seats with `holder` (a term or None), filled ones first."""

    kind: str
    title: str
    seats: list[Seat]

    @property
    def vacant(self) -> int:
        """Return how many seats nobody holds."""
        return sum(seat.holder is None for seat in self.seats)  # type: ignore[attr-defined]


def with_holders(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Return the seats with `open_terms`, a list of at most one."""
    terms = Term.objects.filter(ends_on=None).select_related("person", "unit")
    return seats.prefetch_related(Prefetch("terms", queryset=terms, to_attr="open_terms"))


def rosters_of(*, community: Community, council: bool) -> list[Roster]:
    """Return the council, or the backbone roles, of a community that the caller has seen within scope."""
    kinds = [kind for kind in SeatKind if (kind in COUNCIL) is council]
    seats = Seat.objects.filter(within(community.area_code), closed_on=None, kind__in=kinds)
    by_kind: dict[str, list[Seat]] = {kind: [] for kind in kinds}
    for seat in with_holders(seats.order_by("title", "id")):
        seat.holder = next(iter(seat.open_terms), None)  # type: ignore[attr-defined]
        by_kind[seat.kind].append(seat)
    return [
        Roster(kind, str(SeatKind(kind).label), sorted(rows, key=lambda seat: seat.holder is None))  # type: ignore[attr-defined]
        for kind, rows in by_kind.items()
        if rows
    ]


def member_units(*, community: Community) -> QuerySet[Organisation]:
    """Return the member units of a community that the caller has seen within scope."""
    units = Organisation.objects.filter(within(community.area_code), kind=OrganisationKind.MEMBER_UNIT, left_on=None)
    return units.order_by("initials", "name")


def units_near(*, actor: Actor, area_code: str) -> QuerySet[Organisation]:
    """Return the organisations that somebody of this community can stand for, units first."""
    here = visible(Organisation.objects.filter(within(area_code[:12]), left_on=None), actor)
    return here.order_by("-kind", "initials", "name")


def terms_of_seat(*, seat: Seat) -> QuerySet[Term]:
    """Return who sits and sat in a seat that the caller has seen within scope, the present one first."""
    return seat.terms.select_related("person", "unit").order_by(F("ends_on").desc(nulls_first=True), "-starts_on")


def roles_of(*, person: Person) -> QuerySet[Term]:
    """Return the roles that a person holds, whom the caller has seen within scope: one person may hold several."""
    return person.terms.filter(ends_on=None).select_related("seat", "unit").order_by("seat__kind", "starts_on")
