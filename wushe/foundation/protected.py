"""Protected fields: personal data is encrypted at rest, masked by default and found only by a blind index.

An ID number, a telephone or an exact address is stored as AES-256-GCM ciphertext. Reading a row gives a `Sealed`
value whose text is a mask; the plain value is had only by `reveal()`, and the service that does so journals it.
"""

import hmac
import os
from base64 import b64decode, b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_VERSION = "1"


@cache
def _key(purpose: str) -> bytes:
    return hmac.new(settings.PROTECTED_FIELDS_KEY.encode(), purpose.encode(), sha256).digest()


def blind_index(value: str, *, purpose: str) -> str:
    """Return a keyed digest by which an equal value is found without being stored ("" for "")."""
    if not value:
        return ""
    return hmac.digest(_key(f"index:{purpose}"), value.encode(), "sha256").hex()[:32]


@cache
def _cipher() -> AESGCM:
    return AESGCM(_key("field"))


def seal_bytes(content: bytes, *, kind: str) -> bytes:
    """Encrypt a block of personal data, as a field is; the kind has to be named again to open it."""
    nonce = os.urandom(12)
    return nonce + _cipher().encrypt(nonce, content, kind.encode())


def open_bytes(sealed: bytes, *, kind: str) -> bytes:
    """Return the content of a sealed block."""
    return _cipher().decrypt(sealed[:12], sealed[12:], kind.encode())


def mask_id_number(value: str) -> str:
    """Return an ID number with its first four and last two characters."""
    return f"{value[:4]}{'*' * max(0, len(value) - 6)}{value[-2:]}" if value else ""


def mask_phone(value: str) -> str:
    """Return a telephone number with its first three and last four digits."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 7 else "*" * len(value)


def mask_address(value: str) -> str:
    """Return only that an address is on record: the place is shown by its area."""
    return "（详细地址已隐藏）" if value else ""


def mask_account(value: str) -> str:
    """Return an account number with its last four digits."""
    return f"**** {value[-4:]}" if len(value) >= 8 else "*" * len(value)


def mask_name(value: str) -> str:
    """Return the family name and a star for each further character: 王**."""
    return f"{value[:1]}{'*' * (len(value) - 1)}"


MASKS = {
    "id_number": mask_id_number, "phone": mask_phone, "address": mask_address, "bank_account": mask_account
}  # fmt: skip


class Sealed:
    """An encrypted value that shows only its mask."""

    __slots__ = ("_kind", "_token")

    def __init__(self, token: str, kind: str) -> None:
        self._token, self._kind = token, kind

    @classmethod
    def seal(cls, value: str, kind: str) -> "Sealed":
        """Encrypt a plain value of this kind."""
        if not value:
            return cls("", kind)
        nonce = os.urandom(12)
        ciphertext = _cipher().encrypt(nonce, value.encode(), kind.encode())
        return cls(f"{_VERSION}:{b64encode(nonce + ciphertext).decode()}", kind)

    @property
    def token(self) -> str:
        """Return the stored form."""
        return self._token

    def reveal(self) -> str:
        """Return the plain value. Call it only where the act is journalled or the value goes to its owner."""
        if not self._token:
            return ""
        raw = b64decode(self._token.partition(":")[2])
        return _cipher().decrypt(raw[:12], raw[12:], self._kind.encode()).decode()

    def __str__(self) -> str:
        return MASKS[self._kind](self.reveal())

    def __repr__(self) -> str:
        return f"<Sealed {self._kind}>"

    def __bool__(self) -> bool:
        return bool(self._token)


class ProtectedField(models.TextField):  # type: ignore[type-arg]
    """A text column that holds ciphertext; `kind` names its mask: id_number, phone, address or bank_account."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return the constructor's arguments for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def from_db_value(self, value: str, *_: Any) -> Sealed:
        """Return the stored token, sealed."""
        return Sealed(value, self.kind)

    def get_prep_value(self, value: Any) -> str:
        """Return the token to store; a plain text is encrypted on its way in."""
        if isinstance(value, Sealed):
            return value.token
        return Sealed.seal(value or "", self.kind).token

    def to_python(self, value: Any) -> Any:
        """Return the value as it is: sealed or plain."""
        return value
