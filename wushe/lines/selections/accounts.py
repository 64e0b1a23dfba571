"""The accounts of jurors: found by their log-in name, and the organisations for which they stand."""

from datetime import date

from wushe.foundation.access.models import User
from wushe.foundation.access.selectors import account, grants_of
from wushe.foundation.roles import ROLES, Reach
from wushe.registers.workforce.models import Worker


def account_named(username: str) -> User | None:
    """Return the account that signs in under this name, if it is in use."""
    return User.objects.filter(username=username, is_active=True).first()


def organisations_of(user_id: int, *, on: date) -> set[int]:
    """Return the organisations that an account leads or works for on a day."""
    user = account(user_id=user_id, on=on)
    if user is None:
        return set()
    grants = grants_of(user=user, on=on)
    led = {grant.organisation_id for grant in grants if grant.organisation_id}
    posts = [
        g.holder_id
        for g in grants
        if g.holder_id and ROLES[g.role_code].reach is Reach.HOLDER and g.role_code == "carer"
    ]
    return led | set(Worker.objects.filter(pk__in=posts).values_list("organisation_id", flat=True))
