"""A second look at who acts: whoever opens a door to machines types the own password again."""

from hashlib import sha256

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from wushe.foundation.access.services import attempt_allowed, attempt_failed, attempt_succeeded
from wushe.foundation.errors import Invalid


class ConfirmedForm(forms.Form):
    """A form that is carried out only with the password of who is signed in."""

    password = forms.CharField(
        label="您自己的登录密码", max_length=128, help_text="确认是您本人在操作。",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请输入您自己的登录密码。"},
    )  # fmt: skip


def confirm_password(request: HttpRequest, password: str) -> None:
    """Raise Invalid unless this is the password of who is signed in, SignInBarred after too many wrong ones."""
    user, now = request.user, timezone.now()
    key = sha256(f"confirm:{user.pk}".encode()).hexdigest()
    attempt_allowed(key=key, at=now)
    if not password or not user.check_password(password):
        if password:
            attempt_failed(key=key, at=now)
        raise Invalid(fields={"password": "密码不对，没有办理。" if password else "请输入您自己的登录密码。"})
    attempt_succeeded(key=key)
