"""The named cast: who acts in the tests, each with an account, a grant and the right scope.

`world()` builds the streets, the reference data and the people once per test and returns them; `actor_of` gives the
actor of a role of the cast, `client_of` a signed-in browser.
"""

from dataclasses import dataclass
from datetime import date

from django.test import Client

from tests.factories import catalogue, organisations, people, places, workforce
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.actor import Actor
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker


@dataclass
class World:
    """Two streets with a few people and organisations."""

    elder: Person
    """王桂芳, 王奶奶: 82, lives alone in 翠屏路社区."""
    daughter: Person
    """王丽, who may act for her."""
    far_elder: Person
    """An elder of the other street."""
    organisation: Organisation
    """A: 浓洄街道's carer organisation."""
    second_organisation: Organisation
    """B: serves the same street."""
    charity: Organisation
    carer: Worker
    second_carer: Worker
    third_carer: Worker
    """The only carer of organisation B."""
    volunteer: Volunteer


def world() -> World:
    """Build the small world."""
    places.two_streets()
    catalogue.reference_data()
    elder = people.person("王桂芳", born_on=date(1944, 2, 11), tags=("living_alone", "age_80"), lives_alone=True)
    daughter = people.person("王丽", born_on=date(1970, 8, 20), area_code=places.NEXT_COMMUNITY)
    people.relation(elder, daughter)
    first = organisations.organisation("康乐居家养老服务中心")
    second = organisations.organisation("邻里帮社会服务中心", area_code=places.NEXT_COMMUNITY)
    return World(
        elder=elder,
        daughter=daughter,
        far_elder=people.person("赵玉兰", area_code=places.OTHER_COMMUNITY),
        organisation=first,
        second_organisation=second,
        charity=organisations.charity(),
        carer=workforce.worker("周敏", organisation=first),
        second_carer=workforce.worker("吴芳", organisation=first),
        third_carer=workforce.worker("郑洁", organisation=second, area_code=places.NEXT_COMMUNITY),
        volunteer=workforce.volunteer("孙立"),
    )


_AREAS = {
    "social_worker": places.STREET,
    "community_worker": places.COMMUNITY,
    "stranger": places.OTHER_STREET,
    "dispatcher": places.DISTRICT,
    "verifier": places.DISTRICT,
    "settlement_clerk": places.DISTRICT,
    "charity_officer": places.DISTRICT,
    "street_manager": places.STREET,
    "district_manager": places.DISTRICT,
    "auditor": places.DISTRICT,
    "account_admin": places.DISTRICT,
}
_NAMES = {"social_worker": "陈社工", "dispatcher": "何调度", "stranger": "外街社区工作者", "community_worker": "刘社区"}
_ROLES = {
    "stranger": "community_worker",
    "organisation_a": "organisation_manager",
    "organisation_b": "organisation_manager",
    "carer": "carer",
    "second_carer": "carer",
    "third_carer": "carer",
    "volunteer": "volunteer",
    "elder": "resident",
    "daughter": "resident",
    "far_elder": "resident",
}
CAST = (*_AREAS, *(name for name in _ROLES if name not in _AREAS))


def user_of(name: str) -> User:
    """Return the account of one of the cast, opened on first use; the world must stand."""
    user, fresh = User.objects.get_or_create(username=name, defaults={"name": _NAMES.get(name, name)})
    if fresh:
        user.set_unusable_password()
        user.save()
        Grant.objects.create(
            user=user, role_code=_ROLES.get(name, name), area_code=_AREAS.get(name, ""),
            organisation_id=_organisation_id(name), holder_id=_holder_id(name), valid_from=date(2020, 1, 1),
        )  # fmt: skip
    return user


def actor_of(name: str) -> Actor:
    """Return the actor: actor_of("dispatcher"), actor_of("stranger"), actor_of("organisation_a"), actor_of("elder")."""
    actor = actor_for(user=user_of(name), on=places.TODAY)
    assert actor is not None
    return actor


def client_of(name: str) -> Client:
    """Return a browser in which one of the cast is signed in."""
    client = Client()
    client.force_login(user_of(name))
    return client


def _organisation_id(name: str) -> int | None:
    titles = {"organisation_a": "康乐居家养老服务中心", "organisation_b": "邻里帮社会服务中心"}
    return Organisation.objects.get(name=titles[name]).pk if name in titles else None


def _holder_id(name: str) -> int | None:
    holders = {"carer": "周敏", "second_carer": "吴芳", "third_carer": "郑洁", "volunteer": "孙立"}
    if name in holders:
        return Worker.objects.get(person__name=holders[name]).pk
    residents = {"elder": "王桂芳", "daughter": "王丽", "far_elder": "赵玉兰"}
    return Person.objects.filter(name=residents[name]).earliest("pk").pk if name in residents else None
