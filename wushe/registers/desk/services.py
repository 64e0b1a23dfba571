"""Keep views of a register under a name, for oneself or for the whole office."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.services import record

from .declaration import register_of
from .models import SavedView
from .selectors import offers_of, where_of

MOST_VIEWS = 30


@domain_call(None)
def save_view(
    *, actor: Actor, at: datetime, register: str, name: str, query: Mapping[str, str], shared: bool = False
) -> SavedView:
    """Keep the filters and the order of a register under a name; the same name again replaces one's own view.

    Raises NotFound for an unknown register, NotAllowed without its permission, Invalid for the name or one view too
    many. Words typed into the search are not kept.
    """
    known = register_of(register)
    actor.require(known.permission)
    words = " ".join(name.split())
    if not 1 <= len(words) <= 20:
        raise Invalid(fields={"name": "请给视图起个名字（20个字以内）。"})
    own = SavedView.objects.filter(user_id=actor.user_id, register=register)
    if own.exclude(name=words).count() >= MOST_VIEWS:
        raise Invalid(fields={"name": f"每本台账最多保存{MOST_VIEWS}个视图，请先删掉不用的。"})
    where = where_of(known, query, offers=offers_of(known, actor=actor, on=timezone.localdate(at)))
    view, _ = SavedView.objects.update_or_create(
        user_id=actor.user_id, register=register, name=words,
        defaults={"query": where.codes, "shared": shared, "office": actor.area_code, "saved_at": at,
                  "organisation_id": actor.organisation_id},
    )  # fmt: skip
    record(kind="view.save", subject=view, actor=actor, at=at, data={"register": register, "shared": shared})
    return view


@domain_call(None)
def drop_view(*, actor: Actor, at: datetime, view_id: int) -> str:
    """Delete a view of one's own and return its register; raise NotFound for another's."""
    view = SavedView.objects.filter(pk=view_id, user_id=actor.user_id).first()
    if view is None:
        raise NotFound
    record(kind="view.drop", subject=view, actor=actor, at=at, data={"register": view.register})
    view.delete()
    return view.register
