"""Link a need: which of the five societies meets it, with which project, money or resource of the list.

What a linkage takes from a resource is taken at once and given back when it ends; a project's money is only
looked at here, it moves when the service is settled.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from wushe.chain.needs.models import Need
from wushe.chain.needs.services import mark_linked
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.donors.models import Donor
from wushe.registers.organisations.models import Organisation

from .fitting import Wish, fit
from .models import Linkage, Resource, ResourceKind


class ResourceShort(Conflict):
    """Less is left of the resource than was asked for; nothing was taken."""

    message = "这项资源剩余数量不够，可能刚被别人用掉，请刷新后再选。"


@domain_call("resources:edit")
def offer_resource(
    *,
    actor: Actor,
    at: datetime,
    owner_id: int,
    area_code: str,
    kind: str,
    title: str,
    quantity: int,
    unit: str,
    available_from: date,
    available_until: date | None = None,
    conditions: str = "",
    donor_id: int | None = None,
    client_key: str = "",
) -> Resource:
    """Put what an owner offers on the resource list, once for a client key.

    Raises Invalid beside each field at fault, NotFound for a donor out of scope.
    """
    donor = obtain(Donor.objects.filter(ended_on=None), actor, pk=donor_id) if donor_id else None
    resource = Resource(
        owner_id=owner_id, area_code=area_code, kind=kind, title=title.strip(), quantity=quantity, left=quantity,
        unit=unit.strip(), conditions=conditions.strip()[:200], available_from=available_from,
        available_until=available_until, donor=donor, initials=initials_of_title(title.strip()),
    )  # fmt: skip
    if faults := _faults_of(resource, actor):
        raise Invalid(fields=faults)

    def effect() -> dict[str, Any]:
        resource.save(force_insert=True)
        record(kind="resource.offer", subject=resource, actor=actor, at=at, data={"kind": kind, "quantity": quantity})
        return {"resource": resource.pk}

    body = {"owner": owner_id, "title": resource.title, "quantity": quantity}
    answer = once(actor=actor, at=at, key=client_key, call="resources.offer_resource", body=body, effect=effect)
    return Resource.objects.get(pk=answer["resource"])


def _faults_of(resource: Resource, actor: Actor) -> dict[str, str]:
    """Return what is wrong with an offered resource, for each field."""
    faults = {}
    if not Organisation.objects.filter(pk=resource.owner_id, left_on=None).exists():
        faults["owner_id"] = "请选择提供单位。"
    if resource.kind not in ResourceKind.values:
        faults["kind"] = "请选择类别。"
    if not resource.title or len(resource.title) > 80:
        faults["title"] = "请填写名称（80字以内）。"
    if resource.quantity < 1:
        faults["quantity"] = "数量至少为1。"
    if not resource.unit or len(resource.unit) > 10:
        faults["unit"] = "请填写单位，例如：份、次、小时。"
    if not covers(actor, resource.area_code):
        faults["area_code"] = "请选择本辖区内的地方。"
    if resource.available_until and resource.available_until < resource.available_from:
        faults["available_until"] = "结束日期不能早于开始日期。"
    return faults


@domain_call("resources:link")
def link_need(
    *,
    actor: Actor,
    at: datetime,
    need_id: int,
    society: str,
    organisation_id: int | None = None,
    project_id: int | None = None,
    budget_line_id: int | None = None,
    resource_id: int | None = None,
    resource_quantity: int = 0,
    reason: str = "",
) -> Linkage:
    """Decide who answers a triaged need and with what; a linkage that stands is ended first.

    Raises NotFound out of scope, Invalid beside each field that does not fit, MoneyShort, ResourceShort, and
    MoveNotAllowed if the need is not triaged.
    """
    need = obtain(Need.objects.select_related("item"), actor, pk=need_id)
    wish = Wish(society, organisation_id, project_id, budget_line_id, resource_id, resource_quantity)
    answer = fit(need, wish, today=timezone.localdate(at))
    mark_linked(actor=actor, at=at, need_id=need.pk)
    for before in need.linkages.filter(ended_at=None):
        end_linkage(actor=actor, at=at, linkage_id=before.pk)
    if answer.resource is not None:
        _take(answer.resource, answer.quantity)
    linkage = Linkage.objects.create(
        need=need, area_code=need.area_code, society=society, organisation=answer.organisation,
        project=answer.project, budget_line=answer.line, resource=answer.resource,
        resource_quantity=answer.quantity, reason=reason.strip()[:200],
        linked_at=at, linked_by=actor.user_id,
    )  # fmt: skip
    if answer.project is not None:
        answer.project.needs.add(need)
    data = {"society": society, "organisation": organisation_id, "line": budget_line_id, "resource": resource_id,
            "reason": linkage.reason}  # fmt: skip
    record(kind="linkage.link", subject=linkage, actor=actor, at=at, data=data)
    return linkage


@domain_call(None)
def end_linkage(*, actor: Actor, at: datetime, linkage_id: int) -> bool:
    """End a linkage and give back what it took; say whether it stood. Called by link_need and by events; repeatable."""
    if Linkage.objects.filter(pk=linkage_id, ended_at=None).update(ended_at=at) != 1:
        return False
    linkage = Linkage.objects.get(pk=linkage_id)
    if linkage.resource_id and linkage.resource_quantity:
        Resource.objects.filter(pk=linkage.resource_id).update(left=F("left") + linkage.resource_quantity)
    record(kind="linkage.end", subject=linkage, actor=actor, at=at)
    return True


def _take(resource: Resource, quantity: int) -> None:
    """Take from a resource by compare-and-set; raise ResourceShort if less is left."""
    if Resource.objects.filter(pk=resource.pk, left__gte=quantity).update(left=F("left") - quantity) != 1:
        raise ResourceShort
