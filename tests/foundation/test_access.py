"""Access: the actor behind an account, and duties that one role never holds together."""

from datetime import date

import pytest

from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for, grants_of
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import NotAllowed
from wushe.foundation.roles import GRANTABLE, ROLES, Reach

TODAY = date(2026, 11, 22)


def grant(
    user: User, role_code: str = "carer", since: date = date(2026, 1, 1), until: date | None = None, **more: int
) -> Grant:
    return Grant.objects.create(
        user=user, role_code=role_code, area_code="511602", valid_from=since, valid_until=until, **more
    )


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(username="zhou", name="周敏")


class TestActor:
    def test_is_the_account_in_the_role_of_its_first_grant(self, user: User) -> None:
        first = grant(user, holder_id=5)
        grant(user, "dispatcher")
        actor = actor_for(user=user, on=TODAY)
        assert actor == Actor(user.pk, "周敏", "carer", "511602", None, 5, first.pk)

    def test_is_the_chosen_grant(self, user: User) -> None:
        grant(user)
        second = grant(user, "dispatcher")
        actor = actor_for(user=user, on=TODAY, grant_id=second.pk)
        assert actor
        assert actor.role_code == "dispatcher"

    def test_another_s_grant_cannot_be_chosen(self, user: User) -> None:
        mine = grant(user)
        theirs = grant(User.objects.create(username="b", name="b"), "district_manager")
        actor = actor_for(user=user, on=TODAY, grant_id=theirs.pk)
        assert actor
        assert actor.grant_id == mine.pk

    def test_a_grant_counts_on_its_first_and_last_day_and_not_beyond(self, user: User) -> None:
        grant(user, since=TODAY, until=TODAY)
        assert len(grants_of(user=user, on=TODAY)) == 1
        assert len(grants_of(user=user, on=date(2026, 11, 21))) == 0
        assert len(grants_of(user=user, on=date(2026, 11, 23))) == 0
        assert actor_for(user=user, on=date(2026, 11, 23)) is None

    def test_lacks_what_its_role_lacks(self) -> None:
        carer = Actor(user_id=1, name="x", role_code="carer")
        carer.require("visits:perform")
        assert carer.may("visits:perform")
        assert not carer.may("verification:decide")
        with pytest.raises(NotAllowed):
            carer.require("verification:decide")


APART = [
    ("visits:perform", "verification:decide"),
    ("verification:decide", "settlement:settle"),
    ("visits:perform", "settlement:settle"),
    ("orders:accept", "orders:send"),
    ("access:manage", "needs:view"),
    ("access:manage", "people:reveal"),
    ("journal:view", "access:manage"),
]


class TestRoles:
    @pytest.mark.parametrize("pair", APART)
    def test_no_person_holds_both_duties(self, pair: tuple[str, str]) -> None:
        both = [role.code for role in ROLES.values() if set(pair) <= role.permissions and role is not SYSTEM.role]
        assert both == []

    def test_every_right_is_stage_and_action(self) -> None:
        for role in ROLES.values():
            assert all(len(right.split(":")) == 2 and all(right.split(":")) for right in role.permissions)

    def test_nobody_is_granted_the_system_s_role(self) -> None:
        assert "system" not in dict(GRANTABLE)
        assert set(dict(GRANTABLE)) == ROLES.keys() - {"system"}

    def test_the_auditor_only_looks(self) -> None:
        assert {right.split(":")[1] for right in ROLES["auditor"].permissions} == {"view"}

    def test_who_acts_for_themselves_sees_their_own_alone(self) -> None:
        assert {code for code, role in ROLES.items() if role.reach is Reach.HOLDER} == {
            "carer",
            "volunteer",
            "resident",
        }
