"""A list that leaves the system as a file is an act: who took which rows, narrowed how, and how many."""

from collections.abc import Mapping
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .services import Act, record_all


@domain_call(None)
def note_export(
    *, actor: Actor, at: datetime, list_name: str, rows: int, filters: Mapping[str, str], permission: str
) -> None:
    """Journal an export. `filters` are codes; words typed into a search are left out. Raises NotAllowed."""
    actor.require(permission)
    data = {"list": list_name, "rows": rows, "filters": dict(filters)}
    record_all([Act("export.take", "export", actor.user_id, actor.area_code, actor, at, data)])
