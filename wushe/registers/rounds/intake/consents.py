"""The intake of consents: a person on record, each purpose once under each notice; a child's only through a guardian."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, time

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.registers.people.consents import giver_fault, notice_fault, notice_for
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.models import Consent, Person, Relation
from wushe.registers.rounds.sheets.consents import consents
from wushe.registers.rounds.sheets.description import Row

from .base import Intake, Thing, standing, titles_of
from .known import Known
from .places import Places

_GIVER = ("giver_name", "giver_number", "giver_phone")


class Consents(Intake):
    """Consents by person, purpose and notice; a day of withdrawal ends those that stand."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = consents(self.on, purposes=titles_of(ConsentPurpose))
        self.places = Places(actor=actor, on=self.on)
        self.known = Known(actor)

    def settle(self, row: Row) -> None:
        """Find the place where one is said: it tells namesakes apart."""
        self.places.resolve(row)

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return person, notice and each purpose: together they stand in a file once."""
        values = row.values
        who = values.get("id_number") or (values.get("name"), values.get("phone"), values.get("area_code"))
        found = [hash((who, values.get("notice_version"), purpose)) for purpose in values.get("purposes", ())]
        return found, found

    def match(self, rows: list[Row]) -> None:
        """Find who agreed and for whom, and which of the purposes are new or withdrawn."""
        self.known.find(rows)
        self.known.find(rows, _GIVER, into="giver")
        rows = list(standing(rows))
        people = {row.values["person"].pk for row in rows}
        bonds: dict[tuple[int, int], list[tuple[str, bool]]] = {}
        for one, other, kind, acts in Relation.objects.filter(person__in=people).values_list(
            "person_id", "relative_id", "kind", "may_act"
        ):
            bonds.setdefault((one, other), []).append((kind, acts))
        held: dict[int, list[Consent]] = {}
        for consent in Consent.objects.filter(person__in=people).order_by("pk"):
            held.setdefault(consent.person_id, []).append(consent)
        for row in rows:
            dated = "given_on" in row.values
            self._judge(row, bonds)
            self._compare(row, held.get(row.values["person"].pk, []), dated=dated)

    def _judge(self, row: Row, bonds: dict[tuple[int, int], list[tuple[str, bool]]]) -> None:
        values = row.values
        person: Person = values["person"]
        giver: Person = values.setdefault("giver", None) or person
        day: date = values.setdefault("given_on", self.on)
        values["giver_id"] = giver.pk
        values.setdefault("notice_version", notice_for(person, on=day))
        if fault := giver_fault(person, giver.pk, bonds.get((person.pk, giver.pk), []), on=day):
            row.refuse("giver_name", fault)
        if fault := notice_fault(person, values["notice_version"], on=day):
            row.refuse("notice_version", fault)

    @staticmethod
    def _compare(row: Row, held: list[Consent], *, dated: bool) -> None:
        """Say what is new: a purpose that does not stand is given, one that stands may be withdrawn."""
        values = row.values
        ours = {one.purpose: one for one in held if one.notice_version == values["notice_version"]}
        stands = {purpose: one for purpose, one in ours.items() if one.withdrawn_at is None}
        over = "withdrawn_on" in values
        later = (
            {p for p, one in ours.items() if timezone.localdate(one.given_at) < values["given_on"]} if dated else set()
        )
        values["fresh"] = [p for p in values["purposes"] if p not in ours or (not over and p in later - stands.keys())]
        if not dated and any(p in ours and p not in stands for p in values["purposes"]):
            row.note("given_on", "有一项已经撤回过，没有重新登记；确实重新同意的请填同意日期。")
        values["ended"] = [stands[p] for p in values["purposes"] if over and p in stands]
        if len(values["fresh"]) < len(values["purposes"]):
            row.found = values["person"]
        values["changes"] = {"purposes": True} if values["fresh"] or values["ended"] else {}

    def write(self, rows: list[Row]) -> None:
        """Write what is given and what is withdrawn; the journal is that of the people."""
        given = [(row.values, purpose) for row in rows for purpose in row.values["fresh"]]
        self.trail.create(Consent, [
            Consent(
                person=v["person"], purpose=purpose, notice_version=v["notice_version"], given_by_id=v["giver_id"],
                given_at=self._moment(v["given_on"]), withdrawn_at=self._moment(v["withdrawn_on"]) if "withdrawn_on" in v else None,
            )
            for v, purpose in given
        ])  # fmt: skip
        ended = [(row.values, one) for row in rows for one in row.values["ended"]]
        self.trail.rewrite(Consent, [(one.pk, {"withdrawn_at": self._moment(v["withdrawn_on"])}) for v, one in ended])
        self._tell("person.consent", ((v["person"], purpose) for v, purpose in given))
        self._tell("person.withdraw", ((v["person"], one.purpose) for v, one in ended))

    def _tell(self, kind: str, acts: Iterable[tuple[Person, str]]) -> None:
        of: dict[int, tuple[Person, list[str]]] = {}
        for person, purpose in acts:
            of.setdefault(person.pk, (person, []))[1].append(purpose)
        self.record(
            kind,
            [Thing.of(person) for person, _ in of.values()],
            {pk: {"purposes": said} for pk, (_, said) in of.items()},
        )

    def _moment(self, day: date) -> datetime:
        """Return now for today, the noon of another day."""
        return self.at if day == self.on else timezone.make_aware(datetime.combine(day, time(12)))
