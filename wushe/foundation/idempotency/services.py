"""Once: the effect and the memory of it are one transaction."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict
from wushe.foundation.group_commit import writers_turn
from wushe.foundation.protected import Sealed

from .models import ClientKey


class KeyReused(Conflict):
    """The key was already used for a request with another content."""

    message = "这条上传的编号已用于另一份内容，请保留本机记录并联系管理人员。"


def once(
    *, actor: Actor, at: datetime, key: str, call: str, body: Mapping[str, Any], effect: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Return the answer of the effect, run at most once for this key; call it inside a domain call.

    Without a key it simply runs. Raises KeyReused if the same key came before with another body.
    """
    if not key:
        return effect()
    digest = sha256(json.dumps([call, body], sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()
    try:
        with transaction.atomic():
            claim = ClientKey.objects.create(user_id=actor.user_id, key=key, call=call, digest=digest, at=at)
    except IntegrityError:
        # Of two requests at once the second waits here until the first has committed, and repeats its answer.
        kept = ClientKey.objects.get(user_id=actor.user_id, key=key)
        if kept.digest != digest:
            raise KeyReused from None
        return dict(kept.answer)
    claim.answer = effect()
    claim.save(update_fields=["answer"])
    return dict(claim.answer)


def answered_once(
    *, actor: Actor, at: datetime, key: str, call: str, body: Mapping[str, Any], effect: Callable[[], str]
) -> str:
    """Return the text that the effect answers, run at most once for this key; the text is kept sealed.

    For a face that repeats whole answers. It is no domain call itself, so that the service in the effect is the
    outermost one and checks its permission. Raises KeyReused as `once` does.
    """

    def sealed() -> dict[str, Any]:
        return {"sealed": Sealed.seal(effect(), "answer").token}

    with writers_turn(), transaction.atomic():
        answer = once(actor=actor, at=at, key=key, call=call, body=body, effect=sealed)
    return Sealed(str(answer.get("sealed", "")), "answer").reveal()
