"""The changing code of a shift: shown as QR by the organiser, worthless a minute later, and a ticket for who scanned it.

The code proves that a phone was there within the last minute. The ticket that the scanner gets in exchange is bound
to the account, so that passing it on helps nobody, and leaves time to press the button.
"""

import hmac
from datetime import datetime, timedelta

from django.core import signing

from wushe.foundation.protected import blind_index

STEP_SECONDS = 30
"""A code is shown for this long and taken for twice as long."""
TICKET = timedelta(minutes=5)
_PURPOSE = "volunteering.ticket"
_LENGTH = 20


def code_at(*, shift_id: int, at: datetime) -> str:
    """Return the code of a shift that is shown at a moment."""
    return _code(shift_id, int(at.timestamp()) // STEP_SECONDS)


def code_holds(*, shift_id: int, code: str, at: datetime) -> bool:
    """Say whether a code is the present one of the shift or the one before it."""
    step = int(at.timestamp()) // STEP_SECONDS
    return any(hmac.compare_digest(_code(shift_id, step - back).encode(), code.encode()) for back in (0, 1))


def ticket_for(*, shift_id: int, user_id: int, at: datetime) -> str:
    """Return the ticket of an account that has just scanned the code of a shift."""
    return signing.dumps([shift_id, user_id, int(at.timestamp())], salt=_PURPOSE, compress=False)


def ticket_holds(*, ticket: str, shift_id: int, user_id: int, at: datetime) -> bool:
    """Say whether a ticket is of this shift and account, and fresh."""
    try:
        kept_shift, kept_user, issued = signing.loads(ticket, salt=_PURPOSE)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    age = at.timestamp() - issued
    return (kept_shift, kept_user) == (shift_id, user_id) and age + 1 >= 0 and age <= TICKET.total_seconds()


def _code(shift_id: int, step: int) -> str:
    return blind_index(f"{shift_id}:{step}", purpose="volunteering.code")[:_LENGTH]
