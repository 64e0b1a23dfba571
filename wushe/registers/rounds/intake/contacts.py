"""The contact of an organisation or donor in a spreadsheet: a sealed telephone, found again by its last four digits."""

from typing import Any

from wushe.registers.people.identity import phone_tail_index
from wushe.registers.rounds.sheets.description import Row


def contact_phone(row: Row, thing: Any = None) -> dict[str, Any]:
    """Return what the row says of the telephone, {} if nothing, or nothing new of a thing that is on record."""
    phone = row.values.get("contact_phone")
    if not phone or (thing is not None and thing.contact_phone.reveal() == phone):
        return {}
    return {"contact_phone": phone, "phone_tail_index": phone_tail_index(phone)}
