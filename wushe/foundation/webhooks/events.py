"""Events: what of the journal other systems may be told, and in which form.

An event carries ids, codes and states, never a name, a number or a word of a person: who wants more asks the
interface with a token of its own, and that reading is bounded and recorded as any other. The form is CloudEvents 1.0.
"""

from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.roles import Reach
from wushe.foundation.scope import visible

PREFIX = "cn.wushe."

# The kinds of acts by what they are about: its title, the right to see it, and the acts themselves.
GROUPS: dict[str, tuple[str, str, str]] = {
    "need": ("需求", "needs:view", "record triage link relink serve release meet refer close reopen"),
    "project": ("项目", "projects:view", "design approve return start close carrier fund needs"),
    "resource": ("资源", "resources:view", "offer"),
    "linkage": ("资源链接", "resources:view", "link end"),
    "order": ("订单", "orders:view", "place send accept return withdraw expire fulfil cancel"),
    "offer": ("送单", "orders:view", "refuse"),
    "plan": ("排班方案", "dispatch:view", "propose confirm discard supersede"),
    "appointment": (
        "上门安排", "dispatch:view", "open plan confirm change release reschedule keep miss cancel lock unlock",
    ),
    "visit": ("上门", "visits:view", "start end evidence rate accept reject appeal settle unsettle"),
    "check": ("核验", "verification:view", "open accept reject appeal"),
    "call_back": ("回访", "verification:view", "draw answer try give_up"),
    "settlement": ("结算", "settlement:view", "open settle block reverse"),
    "person": ("居民登记", "registers:view", "register update"),
    "organisation": ("组织登记", "registers:view", "register leave"),
    "worker": ("服务人员", "registers:view", "absent back"),
    "volunteer": ("志愿者", "registers:view", "register"),
    "post": ("志愿岗位", "registers:view", "open fill vacate"),
    "facility": ("设施", "registers:view", "open close"),
    "edition": ("服务目录", "catalogue:view", "publish"),
}  # fmt: skip
KINDS: dict[str, str] = {
    f"{group}.{act}": permission for group, (_, permission, acts) in GROUPS.items() for act in acts.split()
}
# Of the words of a journal row only these leave the house: codes and ids, never free text or a person's category.
_CARRIED = (
    "from", "to", "channel", "urgency", "party", "item", "society", "organisation", "project", "order", "need", "visit",
    "round", "number", "minutes", "visits",
)  # fmt: skip


def event_id(entry: JournalEntry) -> str:
    """Return the id by which a receiver knows an event again, however often it arrives."""
    return f"journal-{entry.lane_id}-{entry.seq}"


def envelope(entry: JournalEntry) -> dict[str, Any]:
    """Return a journal row as a CloudEvent."""
    return {
        "specversion": "1.0",
        "id": event_id(entry),
        "source": f"{settings.SITE_URL}/api/v1",
        "type": PREFIX + entry.kind,
        "time": entry.at.isoformat(),
        "subject": f"{quote(entry.subject_kind)}/{entry.subject_id}",
        "datacontenttype": "application/json",
        "data": {
            "kind": entry.kind,
            "subject_kind": entry.subject_kind,
            "subject_id": entry.subject_id,
            "area_code": entry.area_code,
            "role": entry.role_code,
            **{key: value for key in _CARRIED if _plain(value := entry.data.get(key))},
        },
    }


def may_be_told(entry: JournalEntry, actor: Actor) -> bool:
    """Say whether the actor could see what the row is about: by right, and by the scope of the thing itself."""
    permission = KINDS.get(entry.kind)
    if permission is None or not actor.may(permission):
        return False
    if actor.reach is Reach.AREA:
        return entry.area_code.startswith(actor.area_code)
    model = _model(entry.subject_kind)
    return model is not None and visible(model._default_manager.filter(pk=entry.subject_id), actor).exists()


def _plain(value: Any) -> bool:
    """Say whether a value is a code or an id: a number, or a short word in ASCII."""
    if isinstance(value, bool | int):
        return True
    return isinstance(value, str) and value.isascii() and 0 < len(value) <= 40 and " " not in value


def _model(subject_kind: str) -> type[Model] | None:
    fitting = (m for m in apps.get_models() if m._meta.model_name == subject_kind and hasattr(m, "SCOPE"))
    return next(fitting, None)
