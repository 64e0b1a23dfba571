"""The first account: an installation without any gets one account administrator, and never a second this way."""

import re
from datetime import date, datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record

from .models import Grant, User
from .selectors import any_account
from .services import open_account

LOG_IN = re.compile(r"[a-zA-Z0-9_.-]{3,60}")


class AccountsExist(Conflict):
    """The installation has accounts: who keeps them opens new ones."""

    message = "已经有账号了。请用账号管理员登录，在“账号”里开通新的。"


@domain_call("jobs:run")
def open_first_account(
    *, actor: Actor, at: datetime, username: str, name: str, password: str, area_code: str, title: str, today: date
) -> User:
    """Open the account of the first administrator, for an area.

    Raises AccountsExist in an installation that has any account, and Invalid for a log-in, name or password that a
    later account could not have either.
    """
    if any_account():
        raise AccountsExist
    if not LOG_IN.fullmatch(username.strip()):
        raise Invalid(fields={"username": "登录名用3个以上的字母、数字、点、横线，不要空格和汉字。"})
    user = open_account(actor=actor, at=at, username=username, name=name, password=password)
    grant = Grant.objects.create(
        user=user, role_code="account_admin", area_code=area_code, valid_from=today, title=title
    )
    record(kind="grant.give", subject=grant, actor=actor, at=at, data={"user": user.pk, "role": grant.role_code})
    return user
