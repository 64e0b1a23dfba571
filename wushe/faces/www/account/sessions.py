"""Who is signed in: sessions and accounts read at every page, by queries that are prepared once.

A session is still a row and an account still read each time, so one that is closed is out with its next request.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
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
        values: dict[str, Any] = self.decode(kept)
        return values


class AccountBackend(ModelBackend):
    """Django's sign-in by name and password."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session, or None if it may not sign in."""
        user = account(user_id=int(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None
