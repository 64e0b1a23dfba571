"""Wishes in the states of their life, through the services that lead there."""

from datetime import datetime

from tests.factories import people
from tests.factories.cast import World, actor_of
from tests.factories.places import NOON
from tests.factories.visits import photo
from wushe.lines.wishes.claiming import add_photo, claim_own
from wushe.lines.wishes.models import Wish, WishKind
from wushe.lines.wishes.services import collect_wish, publish_wish, verify_wish
from wushe.registers.people.consents import give_consent, notice_for
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.models import Person


def collected(person: Person, title: str = "一台收音机", *, kind: str = WishKind.GOODS, at: datetime = NOON) -> Wish:
    """Return a wish that waits for its verification."""
    return collect_wish(
        actor=actor_of("social_worker"),
        at=at,
        person_id=person.pk,
        kind=kind,
        title=title,
        story="想听听戏。",
        worth_fen=8000,
    )


def of_somebody(title: str, *, area_code: str) -> Wish:
    """Return a wish of a home of its own."""
    return collected(people.person("周秀兰", area_code=area_code), title)


def published(person: Person, title: str = "一台收音机", *, kind: str = WishKind.GOODS, at: datetime = NOON) -> Wish:
    """Return a wish that everybody sees."""
    wish, actor = collected(person, title, kind=kind, at=at), actor_of("social_worker")
    for at_home in (False, True):
        verify_wish(actor=actor, at=at, wish_id=wish.pk, at_home=at_home)
    give_consent(
        actor=actor, at=at, person_id=person.pk, purpose=ConsentPurpose.PUBLICITY, given_by_id=person.pk,
        notice_version=notice_for(person, on=at.date()),
    )  # fmt: skip
    return publish_wish(actor=actor, at=at, wish_id=wish.pk)


def one_of_each(w: World, *, at: datetime = NOON) -> dict[str, int | str]:
    """Return the keys of a free wish, of the volunteer's claim on another, and of its photo."""
    claim = claim_own(
        actor=actor_of("volunteer"), at=at, wish_id=published(people.person("刘桂香"), "一双棉鞋", at=at).pk
    )
    shown = add_photo(actor=actor_of("volunteer"), at=at, claim_id=claim.pk, content=photo())
    return {"wish": published(w.elder, at=at).pk, "wish_claim": claim.pk, "wish_photo": shown.pk}
