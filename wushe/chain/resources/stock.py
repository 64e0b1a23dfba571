"""Keep what is on the resource list: change conditions and dates, add more, withdraw it; what is taken stays taken."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain
from wushe.registers.desk.changes import amend
from wushe.registers.desk.ending import put_back
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.donors.models import Donor

from .models import Resource, ResourceKind

CHANGEABLE = frozenset(
    {"kind", "title", "unit", "conditions", "area_code", "available_from", "available_until", "donor_id"}
)
MOST = 1_000_000_000


class IsWithdrawn(Conflict):
    """The owner has taken the resource back."""

    message = "这项资源已经收回。"


@domain_call("resources:edit")
def update_resource(*, actor: Actor, at: datetime, resource_id: int, changes: Mapping[str, Any]) -> Resource:
    """Change what is named of a resource; raise NotFound out of scope, IsWithdrawn, Invalid beside each field."""
    resource = _standing(actor, resource_id)
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"not of a resource: {sorted(unknown)}")
    if changes.get("donor_id"):
        obtain(Donor.objects.filter(ended_on=None), actor, pk=changes["donor_id"])
    said = amend(
        resource, {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    )
    until = resource.available_until
    checks = {
        "kind": (resource.kind in ResourceKind.values, "请选择类别。"),
        "title": (1 <= len(resource.title) <= 80, "请填写名称（80字以内）。"),
        "unit": (1 <= len(resource.unit) <= 10, "请填写单位，例如：份、次、小时。"),
        "conditions": (len(resource.conditions) <= 200, "使用条件请写在200字以内。"),
        "area_code": ("area_code" not in changes or covers(actor, resource.area_code), "请选择本辖区内的地方。"),
        "available_until": (not until or until >= resource.available_from, "结束日期不能早于开始日期。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    if said:
        resource.initials = initials_of_title(resource.title)
        resource.save(update_fields=[*changes, "initials"])
        record(kind="resource.update", subject=resource, actor=actor, at=at, data=said)
    return resource


@domain_call("resources:edit")
def add_to_resource(*, actor: Actor, at: datetime, resource_id: int, quantity: int) -> Resource:
    """Add to what an owner offers; raise NotFound out of scope, IsWithdrawn, Invalid for less than one."""
    resource = _standing(actor, resource_id)
    if not 1 <= quantity <= MOST:
        raise Invalid(fields={"quantity": "请填写追加的数量，至少为1。"})
    Resource.objects.filter(pk=resource.pk).update(quantity=F("quantity") + quantity, left=F("left") + quantity)
    record(kind="resource.add", subject=resource, actor=actor, at=at, data={"quantity": quantity})
    return obtain(Resource, actor, pk=resource_id)


@domain_call("resources:edit")
def withdraw_resource(*, actor: Actor, at: datetime, resource_id: int) -> Resource:
    """Take a resource off the list today; what needs have been promised stays. Raises NotFound, IsWithdrawn."""
    resource = _standing(actor, resource_id)
    resource.withdrawn_on = timezone.localdate(at)
    resource.save(update_fields=["withdrawn_on"])
    record(kind="resource.withdraw", subject=resource, actor=actor, at=at)
    return resource


@domain_call("resources:edit")
def relist_resource(*, actor: Actor, at: datetime, resource_id: int) -> Resource:
    """Put a withdrawn resource back on the list; raise NotFound out of scope, Conflict if it is there."""
    resource = obtain(Resource, actor, pk=resource_id)
    put_back(resource, "withdrawn_on", kind="resource.relist", standing="这项资源没有收回。", actor=actor, at=at)
    return resource


def _standing(actor: Actor, resource_id: int) -> Resource:
    resource = obtain(Resource, actor, pk=resource_id)
    if resource.withdrawn_on:
        raise IsWithdrawn
    return resource
