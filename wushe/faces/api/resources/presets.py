"""Policy presets: every number that a policy sets, with its region, its dates and its source."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Query, Schema
from pydantic import JsonValue

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaFilter, Body, Code, Day, Words
from wushe.faces.api.operations import Resource
from wushe.foundation.errors import NotFound
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import history, standing
from wushe.foundation.presets.services import set_preset
from wushe.foundation.scope import covers

router = Resource("政策参数")


class PresetShown(Schema):
    """One value of one policy number in one region during one period."""

    id: int
    key: str
    region: str
    title: str
    value: Any
    unit: str
    effective_from: date
    effective_to: date | None
    source: str
    certainty: str
    note: str


class PresetQuery(Schema):
    """Where and when."""

    area_code: AreaFilter = ""
    on: Day | None = None


class NewValue(Body):
    """A new value from a day on."""

    region: AreaFilter
    value: JsonValue
    effective_from: Day
    source: Words
    note: Words = ""


@router.reads("/presets", "oversight:view", gives=list[PresetShown], name="preset_list", summary="现行政策参数")
def presets(request: ApiRequest, where: Query[PresetQuery]) -> list[Preset]:
    """List the value in force at a place for each key."""
    code = where.area_code or request.actor.area_code
    if not covers(request.actor, code):
        raise NotFound
    return standing(area_code=code, on=where.on or timezone.localdate())


@router.reads(
    "/presets/{key}", "oversight:view", gives=list[PresetShown], name="preset_history", summary="一项参数的全部取值"
)
def one(request: ApiRequest, key: Code) -> list[Preset]:
    """List every value that a key has had anywhere: policy is public."""
    found = history(key=key)
    if not found:
        raise NotFound
    return found


@router.acts("/presets/{key}", "presets:edit", gives=PresetShown, status=201, name="preset_set", summary="设定参数")
def change(request: ApiRequest, key: Code, body: NewValue) -> Preset:
    """Give a preset a new value from a day on, of the same form as before."""
    return set_preset(actor=request.actor, at=timezone.now(), key=key, **body.dict())
