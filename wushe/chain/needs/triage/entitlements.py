"""What a resident may be entitled to: dated, regional and sourced conditions, met by what is known of the person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wushe.registers.catalogue.eligibility import Applicant, eligible

from .wordbook import entitlement_rows


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A policy for which a person seems to qualify, its source, and whether their words are about it."""

    code: str
    title: str
    plain: str
    source: str
    fits_words: bool


def entitlements(applicant: Applicant, *, area_code: str, on: date, services: Iterable[str] = ()) -> list[Entitlement]:
    """Return the policies in force at a place for which the applicant qualifies, those about these services first."""
    wanted = set(services)
    found = [
        Entitlement(row["code"], row["title"], row["plain"], row["source"], bool(wanted & set(row["items"])))
        for row in entitlement_rows()
        if area_code.startswith(row["region"])
        and row["effective_from"] <= on.isoformat() <= (row["effective_to"] or "9999-12-31")
        and eligible(row["eligibility"], applicant, on=on)
    ]
    return sorted(found, key=lambda one: not one.fits_words)
