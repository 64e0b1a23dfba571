"""Keep facilities: opened at a place with a capacity, closed on a day."""

from collections.abc import Sequence
from datetime import date, datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain
from wushe.registers.organisations.models import Organisation

from .models import Facility, FacilityKind


@domain_call("organisations:edit")
def open_facility(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    kind: str,
    area_code: str,
    longitude: float,
    latitude: float,
    opened_on: date,
    operator_id: int | None = None,
    functions: Sequence[str] = (),
    capacity: int | None = None,
    opening: str = "",
) -> Facility:
    """Open a facility in the actor's area; raise Invalid beside each field at fault, NotFound for the operator."""
    faults = {}
    if not 2 <= len(name.strip()) <= 80:
        faults["name"] = "请填写设施名称（2到80个字）。"
    if kind not in FacilityKind.values:
        faults["kind"] = "请选择设施类型。"
    if not covers(actor, area_code):
        faults["area_code"] = "请选择本辖区内的地方。"
    if not (73 <= longitude <= 136 and 3 <= latitude <= 54):
        faults["longitude"] = "位置不在国内，请重新选点。"
    if capacity is not None and capacity < 0:
        faults["capacity"] = "容量不能为负。"
    if faults:
        raise Invalid(fields=faults)
    facility = Facility.objects.create(
        name=name.strip(), kind=kind, area_code=area_code, longitude=longitude, latitude=latitude, opened_on=opened_on,
        operator=obtain(Organisation, actor, pk=operator_id) if operator_id else None, functions=list(functions),
        capacity=capacity, opening=opening.strip()[:80],
    )  # fmt: skip
    record(kind="facility.open", subject=facility, actor=actor, at=at, data={"kind": kind})
    return facility


@domain_call("organisations:edit")
def close_facility(*, actor: Actor, at: datetime, facility_id: int, closed_on: date) -> Facility:
    """Close a facility on a day; raise NotFound out of scope, Invalid before it opened."""
    facility = obtain(Facility, actor, pk=facility_id)
    if facility.opened_on and closed_on < facility.opened_on:
        raise Invalid(fields={"closed_on": "停用日期不能早于启用日期。"})
    facility.closed_on = closed_on
    facility.save(update_fields=["closed_on"])
    record(kind="facility.close", subject=facility, actor=actor, at=at)
    return facility
