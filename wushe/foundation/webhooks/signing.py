"""Signatures after Standard Webhooks: HMAC-SHA256 over the id, the time and the body, so that a receiver can trust both."""

import hmac
from base64 import b64decode, b64encode
from hashlib import sha256
from secrets import token_bytes

PREFIX = "whsec_"


def fresh_secret() -> str:
    """Return a new secret as receivers write it down."""
    return PREFIX + b64encode(token_bytes(32)).decode()


def signature(*, secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the header `webhook-signature`."""
    key = b64decode(secret.removeprefix(PREFIX))
    mac = hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, sha256).digest()
    return f"v1,{b64encode(mac).decode()}"
