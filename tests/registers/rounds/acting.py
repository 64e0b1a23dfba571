"""What tests do with rounds: upload bytes, look at rows, import, and read back who is registered."""

from tests.factories.places import NOON
from wushe.foundation.actor import Actor
from wushe.registers.people.models import Person
from wushe.registers.rounds import parts, services
from wushe.registers.rounds.models import ImportRound
from wushe.registers.rounds.sheets.description import Row


def upload(actor: Actor, content: bytes, register: str = "residents", filename: str = "名册.xlsx") -> ImportRound:
    return services.upload_round(
        actor=actor, at=NOON, register=register, filename=filename, blocks=lambda: [content], size=len(content)
    )


def commit(actor: Actor, round_: ImportRound) -> ImportRound:
    services.commit_round(actor=actor, at=NOON, round_id=round_.pk)
    round_.refresh_from_db()
    return round_


def rows(round_: ImportRound) -> list[Row]:
    return [row for n in parts.row_parts(round_.pk) for row in parts.unpacked(parts.part_of(round_.pk, n))]


def seen(round_: ImportRound) -> list[tuple[int, str, dict[str, str]]]:
    """Return number, outcome and faults of each row."""
    return [(row.number, row.outcome, row.faults) for row in rows(round_)]


def registered() -> list[tuple[str, str, str, str, str]]:
    """Return name, sex, birthday, ID number and telephone of everybody, by name."""
    people = Person.objects.order_by("name", "pk")
    return [(p.name, p.sex, f"{p.born_on}", p.id_number.reveal(), p.phone.reveal()) for p in people]
