"""Who is signed in: sessions and accounts read at every page, by queries that are prepared once.

A session is still a row and an account still read each time, so one that is closed is out with its next request.
"""

import json
from functools import lru_cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.core import signing
from django.utils import timezone

from wushe.foundation.access.models import User
from wushe.foundation.access.selectors import account, session_data


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def load(self) -> dict[str, Any]:
        """Return what the session keeps; a session that is unknown or has run out is given up."""
        kept = session_data(key=self.session_key or "", at=timezone.now())
        if kept is None:
            self._session_key = None
            return {}
        try:
            values: dict[str, Any] = json.loads(_verified(kept, self.key_salt))
        except Exception:
            values = self.decode(kept)  # says in the log what is wrong with it
        return values


class _Unread:
    """Leaves the text of a session as it is."""

    def loads(self, data: bytes) -> bytes:
        """Return the text."""
        return data


@lru_cache(maxsize=2048)
def _verified(kept: str, salt: str) -> bytes:
    """Return the text of a session whose signature is right; raise BadSignature. The same row gives the same text."""
    text: bytes = signing.loads(kept, salt=salt, serializer=_Unread)  # type: ignore[arg-type]  # dumps is not asked
    return text


class AccountBackend(ModelBackend):
    """Django's sign-in by name and password."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session, or None if it may not sign in."""
        user = account(user_id=int(user_id), on=timezone.localdate())
        return user if user is not None and self.user_can_authenticate(user) else None
