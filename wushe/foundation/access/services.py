"""Accounts: give and end grants, and count failed sign-ins before any password is hashed."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import PresetMissing, preset
from wushe.foundation.roles import ROLES, Reach

from .administration import account_of, check_password
from .models import Grant, SignInAttempt, User


class SignInBarred(NotAllowed):
    """Too many failures; the next try is allowed after a pause."""

    message = "尝试次数过多，请过一会儿再登录，或联系管理员重置密码。"


@domain_call("access:manage")
def open_account(*, actor: Actor, at: datetime, username: str, name: str, password: str) -> User:
    """Open an account; raise Invalid if the name is taken or unfit, or the password weak."""
    username, name = username.strip(), name.strip()
    if not username or not name:
        raise Invalid(fields={key: "请填写。" for key, words in (("username", username), ("name", name)) if not words})
    check_password(password)
    if User.objects.filter(username=username).exists():
        raise Invalid(fields={"username": "这个登录名已有人使用，请换一个。"})
    user = User(username=username, name=name)
    user.set_password(password)
    user.save()
    record(kind="account.open", subject=user, actor=actor, at=at)
    return user


@domain_call("access:manage")
def give_grant(
    *,
    actor: Actor,
    at: datetime,
    user_id: int,
    role_code: str,
    area_code: str,
    valid_from: date,
    organisation_id: int | None = None,
    holder_id: int | None = None,
    title: str = "",
) -> Grant:
    """Give a role at a place inside the actor's own area; raise NotAllowed outside it.

    Raises NotFound for an account of another area and Invalid for an unknown role, one without the organisation or
    person that it stands for, or one that the account has already.
    """
    if not area_code.startswith(actor.area_code):
        raise NotAllowed("只能授予本辖区内的身份。")
    if role_code not in ROLES or role_code == "system":
        raise Invalid(fields={"role_code": "没有这种身份。"})
    account_of(actor=actor, user_id=user_id)
    _check_holder(ROLES[role_code].reach, area_code, organisation_id, holder_id)
    grant, fresh = Grant.objects.get_or_create(
        user_id=user_id, role_code=role_code, area_code=area_code, organisation_id=organisation_id,
        holder_id=holder_id, defaults={"valid_from": valid_from, "title": title},
    )  # fmt: skip
    if not fresh:
        # The same role at the same place is one row: an ended one begins anew.
        if grant.valid_until is None:
            raise Invalid(fields={"role_code": "这个账号已经有同样的身份。"})
        grant.valid_from, grant.valid_until, grant.title = valid_from, None, title
        grant.save(update_fields=["valid_from", "valid_until", "title"])
    record(kind="grant.give", subject=grant, actor=actor, at=at, data={"user": user_id, "role": role_code})
    return grant


def _check_holder(reach: Reach, area_code: str, organisation_id: int | None, holder_id: int | None) -> None:
    """Raise Invalid for a role without what it stands for."""
    if reach is Reach.ORGANISATION and organisation_id is None:
        raise Invalid(fields={"target": "请选择这个身份所属的机构。"})
    if reach is Reach.HOLDER and holder_id is None:
        raise Invalid(fields={"target": "请选择这个身份对应的人员。"})
    if reach is not Reach.AREA and not area_code:
        # It would be nobody's to keep: a place is what makes it visible to the administrator of that place.
        raise Invalid(fields={"area_code": "请选择这个身份所在的街道或社区。"})


def attempt_allowed(*, key: str, at: datetime) -> None:
    """Raise SignInBarred if this name failed too often from this address within the pause."""
    limit, pause = _limits(at)
    barred = SignInAttempt.objects.filter(key=key, failures__gte=limit, last_at__gt=at - timedelta(minutes=pause))
    if barred.exists():
        raise SignInBarred


def attempt_failed(*, key: str, at: datetime) -> None:
    """Count one failure; an old series starts afresh."""
    _, pause = _limits(at)
    with transaction.atomic():
        SignInAttempt.objects.filter(key=key, last_at__lte=at - timedelta(minutes=pause)).delete()
        SignInAttempt.objects.get_or_create(key=key, defaults={"last_at": at})
        SignInAttempt.objects.filter(key=key).update(failures=F("failures") + 1, last_at=at)


def attempt_succeeded(*, key: str) -> None:
    """Forget the failures."""
    SignInAttempt.objects.filter(key=key).delete()


def _limits(at: datetime) -> tuple[int, int]:
    """Return the allowed failures and the pause in minutes; a fresh installation has no presets yet."""
    try:
        rule = preset("access.sign_in.limit", area_code="", on=timezone.localdate(at))
        return int(rule["failures"]), int(rule["pause_minutes"])
    except PresetMissing:
        return 10, 15
