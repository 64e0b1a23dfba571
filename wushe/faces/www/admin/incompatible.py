"""Duties that one person must not hold together: said as a warning, decided by people."""

import json
from functools import cache

from django.conf import settings

from wushe.foundation.roles import ROLES


@cache
def pairs() -> frozenset[frozenset[str]]:
    """Return the pairs of roles that do not go together, as the data file names them."""
    text = (settings.BASE_DIR / "data/presets/roles.json").read_text(encoding="utf-8")
    return frozenset(frozenset(pair) for pair in json.loads(text)["incompatible"])


def warnings(codes: set[str]) -> list[str]:
    """Return a sentence for each incompatible pair among the roles of one account."""
    return [
        f"“{ROLES[first].title}”和“{ROLES[second].title}”不宜由同一人担任：自己做的事自己核、自己结，没有人把关。"
        for first, second in (sorted(pair) for pair in pairs() if pair <= codes)
        if first in ROLES and second in ROLES
    ]
