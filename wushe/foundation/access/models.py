"""Accounts and grants: who may sign in, and in which roles at which places."""

from datetime import date
from functools import lru_cache
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Coalesce

from wushe.foundation.roles import GRANTABLE
from wushe.foundation.scope import Placed, Scope


class User(AbstractBaseUser):
    """An account of one person. What it may do stands in its grants."""

    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=40)
    is_active = models.BooleanField("可登录", default=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"

    held: "tuple[date, list[Grant]] | None" = None
    """The grants that were read together with the account, and for which day; only what reads a session sets it."""

    class Meta:
        db_table = "access_user"

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return _session_hash(self.password, secret or settings.SECRET_KEY)


@lru_cache(maxsize=2048)
def _session_hash(password: str, secret: str) -> str:
    """Return what binds a session to a password as it is kept; asked at every page, the same until one of them changes."""
    kept = SimpleNamespace(password=password)
    return str(AbstractBaseUser._get_session_auth_hash(kept, secret))  # type: ignore[attr-defined]  # not in the stubs


class Grant(Placed):
    """A role given to an account at a place, for an organisation, or for one row of a register.

    The two ids point upwards, to floors that this one does not know; they are set when the grant is given.
    """

    SCOPE = Scope(area="")

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role_code = models.CharField("身份", max_length=40, choices=GRANTABLE)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    holder_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField("显示名称", max_length=80, blank=True, default="")
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("截止日期", null=True, blank=True)

    class Meta:
        db_table = "access_grant"
        constraints = [
            models.UniqueConstraint(
                "user",
                "role_code",
                "area_code",
                Coalesce("organisation_id", 0),
                Coalesce("holder_id", 0),
                name="access_grant_once",
            )
        ]


class SignInAttempt(models.Model):
    """Failed sign-ins of one name from one address; counted before any password is hashed."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "access_sign_in_attempt"
