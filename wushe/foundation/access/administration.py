"""Keep accounts: end grants, stop and reopen accounts, set a new password; who may act on which account.

An administrator acts on accounts whose grants all lie in the own area. A stopped account is signed out everywhere
with its next request, as is one whose password was set anew.
"""

from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, visible

from .models import Grant, User


class OwnAccount(NotAllowed):
    """Nobody stops the own account or ends the own grant: nobody would be left to undo it."""

    message = "不能停用自己的账号或终止自己正在使用的身份，请由另一位管理员办理。"


class GrantEnded(Conflict):
    """The grant is no longer in force."""

    message = "这个身份已经终止。"


def find_accounts(*, actor: Actor, text: str = "", role_code: str = "", active: bool | None = None) -> QuerySet[User]:
    """Return the accounts that have a grant in the actor's area or none at all, by name; raise NotAllowed."""
    actor.require("access:manage")
    inside = visible(Grant.objects.filter(user=OuterRef("pk")), actor)
    accounts = User.objects.filter(Exists(inside) | Q(grants=None))
    if words := text.strip():
        accounts = accounts.filter(Q(name__contains=words) | Q(username__icontains=words))
    if role_code:
        accounts = accounts.filter(Exists(inside.filter(role_code=role_code)))
    if active is not None:
        accounts = accounts.filter(is_active=active)
    return accounts.distinct().order_by("-id")


def account_of(*, actor: Actor, user_id: int) -> User:
    """Return one account within the actor's area; raise NotAllowed without the right, NotFound otherwise."""
    user = find_accounts(actor=actor).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def grants_of_account(*, actor: Actor, user_id: int) -> QuerySet[Grant]:
    """Return all grants of an account of the actor's area, those in force first; raise NotFound."""
    account_of(actor=actor, user_id=user_id)
    return Grant.objects.filter(user_id=user_id).order_by("valid_until", "-id")


def grant_of(*, actor: Actor, grant_id: int) -> Grant:
    """Return one grant of the actor's area with its account; raise NotAllowed without the right, NotFound otherwise."""
    actor.require("access:manage")
    return obtain(Grant.objects.select_related("user"), actor, pk=grant_id)


def may_act_on(*, actor: Actor, user_id: int) -> bool:
    """Say whether every grant of the account lies in the actor's area."""
    return all(
        covers(actor, area) for area in Grant.objects.filter(user_id=user_id).values_list("area_code", flat=True)
    )


@domain_call("access:manage")
def end_grant(*, actor: Actor, at: datetime, grant_id: int, today: date) -> Grant:
    """End a role now; raise NotFound outside the actor's area, OwnAccount for one's own, GrantEnded if it is over."""
    grant = visible(Grant.objects.all(), actor).filter(pk=grant_id).first()
    if grant is None:
        raise NotFound
    if grant.pk == actor.grant_id:
        raise OwnAccount
    yesterday = today - timedelta(days=1)
    in_force = Grant.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today), pk=grant.pk)
    if in_force.update(valid_until=yesterday) != 1:
        raise GrantEnded
    grant.valid_until = yesterday
    record(kind="grant.end", subject=grant, actor=actor, at=at, data={"user": grant.user_id, "role": grant.role_code})
    return grant


@domain_call("access:manage")
def close_account(*, actor: Actor, at: datetime, user_id: int) -> User:
    """Stop an account; raise NotFound outside the actor's area, NotAllowed if it reaches beyond, OwnAccount."""
    user = _own_to_act_on(actor, user_id)
    if user.pk == actor.user_id:
        raise OwnAccount
    _set_active(user, active=False)
    record(kind="account.close", subject=user, actor=actor, at=at)
    return user


@domain_call("access:manage")
def reopen_account(*, actor: Actor, at: datetime, user_id: int) -> User:
    """Let a stopped account sign in again; raise NotFound, NotAllowed as `close_account` does."""
    user = _own_to_act_on(actor, user_id)
    _set_active(user, active=True)
    record(kind="account.reopen", subject=user, actor=actor, at=at)
    return user


@domain_call("access:manage")
def set_password(*, actor: Actor, at: datetime, user_id: int, password: str) -> User:
    """Give an account a new password, which signs it out everywhere.

    Raises NotFound outside the actor's area, NotAllowed if the account reaches beyond it, Invalid for a weak one.
    """
    user = _own_to_act_on(actor, user_id)
    check_password(password)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(kind="account.password", subject=user, actor=actor, at=at)
    return user


def check_password(password: str) -> None:
    """Raise Invalid for a password that is too short or too common."""
    try:
        validate_password(password)
    except ValidationError:
        raise Invalid(fields={"password": "密码至少8位，而且不能太常见。"}) from None


def _set_active(user: User, *, active: bool) -> None:
    if User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active) != 1:
        raise Conflict("这个账号已经停用。" if not active else "这个账号已经可以登录。")
    user.is_active = active


def _own_to_act_on(actor: Actor, user_id: int) -> User:
    user = account_of(actor=actor, user_id=user_id)
    if not may_act_on(actor=actor, user_id=user_id):
        raise NotAllowed("这个账号还有辖区以外的身份，请由上一级管理员办理。")
    return user
