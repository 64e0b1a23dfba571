"""Accounts: opened, given roles, stopped; each act within the administrator's own area and journalled."""

from datetime import date, timedelta

import pytest

from tests.factories.cast import World, actor_of, user_of, world
from tests.factories.places import NOON, OTHER_STREET, STREET, TODAY
from wushe.foundation.access.administration import (
    GrantEnded,
    OwnAccount,
    close_account,
    end_grant,
    find_accounts,
    reopen_account,
    set_password,
)
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.access.services import give_grant, open_account
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.holders import find_holders, give_role, place_grants

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def admin(here: World) -> Actor:
    return actor_of("account_admin")


@pytest.fixture
def street_admin(here: World) -> Actor:
    return Actor(user_id=77, name="街道账号管理员", role_code="account_admin", area_code=STREET)


def acts() -> list[str]:
    return list(
        JournalEntry.objects.filter(kind__regex="^(account|grant)").order_by("id").values_list("kind", flat=True)
    )


def test_open_an_account(admin: Actor) -> None:
    user = open_account(actor=admin, at=NOON, username="zhoumin", name="周敏", password="tall-pine-97")
    assert user.check_password("tall-pine-97")
    assert acts() == ["account.open"]
    for fault in ({"username": "zhoumin"}, {"username": " "}, {"username": "other", "password": "12345678"}):
        values = {"username": "other", "name": "周敏", "password": "tall-pine-97", **fault}
        with pytest.raises(Invalid):
            open_account(actor=admin, at=NOON, **values)
    assert acts() == ["account.open"]
    with pytest.raises(NotAllowed):
        open_account(actor=actor_of("district_manager"), at=NOON, username="x1", name="某人", password="tall-pine-97")


def test_give_and_end_a_role(admin: Actor) -> None:
    user = open_account(actor=admin, at=NOON, username="zhoumin", name="周敏", password="tall-pine-97")
    given = {
        "actor": admin,
        "at": NOON,
        "user_id": user.pk,
        "role_code": "dispatcher",
        "area_code": STREET,
        "valid_from": TODAY,
    }
    grant = give_grant(**given)
    actor = actor_for(user=user, on=TODAY)
    assert actor is not None
    assert (actor.role_code, actor.area_code) == ("dispatcher", STREET)
    with pytest.raises(Invalid):
        give_grant(**given)
    end_grant(actor=admin, at=NOON, grant_id=grant.pk, today=TODAY)
    assert actor_for(user=user, on=TODAY) is None
    with pytest.raises(GrantEnded):
        end_grant(actor=admin, at=NOON, grant_id=grant.pk, today=TODAY)
    again = give_grant(**given)
    assert (again.pk, again.valid_until) == (grant.pk, None), "an ended role begins anew"
    assert acts() == ["account.open", "grant.give", "grant.end", "grant.give"]


def test_roles_are_given_inside_the_own_area_only(street_admin: Actor, admin: Actor) -> None:
    user = open_account(actor=admin, at=NOON, username="zhoumin", name="周敏", password="tall-pine-97")
    for area in (OTHER_STREET, "511602", ""):
        with pytest.raises(NotAllowed):
            give_grant(
                actor=street_admin, at=NOON, user_id=user.pk, role_code="dispatcher", area_code=area, valid_from=TODAY
            )
    assert not user.grants.exists()
    with pytest.raises(Invalid):
        give_grant(actor=admin, at=NOON, user_id=user.pk, role_code="system", area_code=STREET, valid_from=TODAY)


def test_a_role_for_an_organisation_or_person_names_it(admin: Actor, here: World) -> None:
    user = open_account(actor=admin, at=NOON, username="zhoumin", name="周敏", password="tall-pine-97")
    place = {"actor": admin, "at": NOON, "user_id": user.pk, "area_code": STREET, "valid_from": TODAY}
    for role in ("organisation_manager", "resident", "carer"):
        with pytest.raises(Invalid):
            give_role(role_code=role, holder_id=None, **place)
        with pytest.raises(Invalid):
            give_role(role_code=role, holder_id=999_999, **place)
    grant = give_role(role_code="organisation_manager", holder_id=here.organisation.pk, **place)
    assert (grant.organisation_id, grant.holder_id, grant.title) == (here.organisation.pk, None, here.organisation.name)
    worker = give_role(role_code="carer", holder_id=here.carer.pk, **place)
    assert (worker.organisation_id, worker.holder_id) == (None, here.carer.pk)


def test_a_role_for_a_person_has_a_place_so_that_somebody_keeps_it(here: World) -> None:
    """Without one only an administrator of the whole country would see it; old ones are put where they belong."""
    nationwide = Actor(user_id=78, name="总管理员", role_code="account_admin", area_code="")
    user = open_account(actor=nationwide, at=NOON, username="zhoumin", name="周敏", password="tall-pine-97")
    with pytest.raises(Invalid) as refusal:
        give_grant(
            actor=nationwide, at=NOON, user_id=user.pk, role_code="carer", area_code="", valid_from=TODAY,
            holder_id=here.carer.pk,
        )  # fmt: skip
    assert list(refusal.value.fields) == ["area_code"]
    for role, holder in (("carer", {"holder_id": here.carer.pk}), ("resident", {"holder_id": here.elder.pk}),
                         ("organisation_manager", {"organisation_id": here.organisation.pk})):  # fmt: skip
        Grant.objects.create(user=user, role_code=role, area_code="", valid_from=TODAY, **holder)
    kept = Grant.objects.create(user=user_of("auditor"), role_code="auditor", area_code="", valid_from=TODAY)
    district = Actor(user_id=79, name="区账号管理员", role_code="account_admin", area_code="511602")
    assert user.pk not in find_accounts(actor=district).values_list("pk", flat=True)
    assert place_grants(actor=SYSTEM, at=NOON) == 3
    assert user.pk in find_accounts(actor=district).values_list("pk", flat=True)
    places = dict(Grant.objects.filter(user=user).values_list("role_code", "area_code"))
    assert places == {"carer": here.carer.area_code, "resident": here.elder.area_code,
                      "organisation_manager": here.organisation.area_code}  # fmt: skip
    kept.refresh_from_db()
    assert kept.area_code == "", "an auditor of the whole country stays one"


def test_holders_are_found_in_the_own_area_with_masked_names(street_admin: Actor, here: World) -> None:
    found = find_holders(actor=street_admin, role_code="resident", text="王桂芳")
    assert [(one.pk, one.title) for one in found] == [(here.elder.pk, "王**")]
    assert find_holders(actor=street_admin, role_code="resident", text="赵玉兰") == []
    assert [one.pk for one in find_holders(actor=street_admin, role_code="carer", text="周敏")] == [here.carer.pk]
    assert find_holders(actor=street_admin, role_code="volunteer", text="周敏") == []
    with pytest.raises(NotAllowed):
        find_holders(actor=actor_of("street_manager"), role_code="resident", text="王桂芳")


def test_an_administrator_sees_the_accounts_of_the_own_area(street_admin: Actor) -> None:
    inside, outside = user_of("social_worker"), user_of("stranger")
    found = set(find_accounts(actor=street_admin).values_list("pk", flat=True))
    assert inside.pk in found
    assert outside.pk not in found
    with pytest.raises(NotFound):
        close_account(actor=street_admin, at=NOON, user_id=outside.pk)
    assert User.objects.get(pk=outside.pk).is_active


def test_an_account_that_reaches_beyond_is_left_to_those_above(street_admin: Actor) -> None:
    user = user_of("social_worker")
    Grant.objects.create(user=user, role_code="district_manager", area_code="511602", valid_from=date(2020, 1, 1))
    for act in (close_account, reopen_account):
        with pytest.raises(NotAllowed):
            act(actor=street_admin, at=NOON, user_id=user.pk)
    with pytest.raises(NotAllowed):
        set_password(actor=street_admin, at=NOON, user_id=user.pk, password="tall-pine-97")
    assert acts() == []


def test_nobody_stops_the_own_account_or_ends_the_own_role(admin: Actor) -> None:
    assert admin.grant_id is not None
    with pytest.raises(OwnAccount):
        close_account(actor=admin, at=NOON, user_id=admin.user_id)
    with pytest.raises(OwnAccount):
        end_grant(actor=admin, at=NOON, grant_id=admin.grant_id, today=TODAY)
    assert Grant.objects.get(pk=admin.grant_id).valid_until is None


def test_stopping_twice_is_told(admin: Actor) -> None:
    user = user_of("social_worker")
    close_account(actor=admin, at=NOON, user_id=user.pk)
    with pytest.raises(Conflict):
        close_account(actor=admin, at=NOON, user_id=user.pk)
    reopen_account(actor=admin, at=NOON + timedelta(hours=1), user_id=user.pk)
    assert acts() == ["account.close", "account.reopen"]
    with pytest.raises(Invalid):
        set_password(actor=admin, at=NOON, user_id=user.pk, password="123")
