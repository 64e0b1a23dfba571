"""Reorganise areas: found, rename, split and merge. What was is dated and names what it became; records go along.

Where it is clear what a place has become, the records that stand there are moved in the same transaction. Where a
community is split and a record does not say in which part it lies, it keeps the old code, which still resolves, until
somebody places it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain, within

from .models import Area, Level
from .replacing import replace_codes
from .selectors import children_of, in_force
from .services import parent_code, short_name


class AreaEnded(Conflict):
    """The area has ended already."""

    message = "这个区划已经停用，不能再办理。"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: its code and name, and which of the areas inside belong to it."""

    code: str
    name: str
    children: Sequence[str] = field(default=())


@domain_call("areas:edit")
def add_area(
    *, actor: Actor, at: datetime, parent_id: int, code: str, name: str, valid_from: date, urban: bool = False
) -> Area:
    """Found an area inside another; raise NotFound out of scope, AreaEnded, Invalid for a code, name or day that will not do."""
    today = timezone.localdate(at)
    parent = _standing(actor, parent_id, today)
    faults = _name_faults(name) | _day_faults(valid_from, parent, today, "valid_from")
    if fault := _code_fault(code, parent.area_code, today):
        faults["code"] = fault
    if faults:
        raise Invalid(fields=faults)
    area = _begin(code, name.strip(), valid_from, urban=urban)
    record(kind="area.add", subject=area, actor=actor, at=at, data={"on": f"{valid_from}"})
    return area


@domain_call("areas:edit")
def rename_area(*, actor: Actor, at: datetime, area_id: int, name: str, on: date) -> Area:
    """Give an area another name from a day on; raise NotFound out of scope, AreaEnded, Invalid."""
    today = timezone.localdate(at)
    area = _standing(actor, area_id, today)
    faults = _name_faults(name) | _day_faults(on, area, today, "on")
    if name.strip() == area.name:
        faults["name"] = "名称没有变。"
    if faults:
        raise Invalid(fields=faults)
    renamed = _end(area, on, [_begin(area.area_code, name.strip(), on, like=area)])[0]
    record(kind="area.rename", subject=renamed, actor=actor, at=at, data={"on": f"{on}"})
    return renamed


@domain_call("areas:edit")
def split_area(*, actor: Actor, at: datetime, area_id: int, on: date, parts: Sequence[Part]) -> list[Area]:
    """Split an area into parts from a day on; each area inside goes to one part and is given its code.

    Raises NotFound out of scope, AreaEnded, and Invalid for fewer than two parts, codes or names that will not do,
    or areas inside that are left over or named twice.
    """
    today = timezone.localdate(at)
    area = _standing(actor, area_id, today)
    inside = {child.area_code: child for child in children_of(code=area.area_code, on=today)}
    faults = _day_faults(on, area, today, "on") | _part_faults(area, parts, set(inside), today)
    if faults:
        raise Invalid(fields=faults)
    # The part that keeps the code begins when the old area has ended.
    area.valid_until = on
    area.save(update_fields=["valid_until"])
    made = [_begin(part.code, part.name.strip(), on, urban=area.urban) for part in parts]
    area.successors.set(made)
    codes: dict[str, str] = {}
    for part in parts:
        if part.code != area.area_code:
            for code in part.children:
                codes |= _recode(inside[code], part.code + code[len(area.area_code) :], on)
    moved = replace_codes(codes)
    data = {"on": f"{on}", "parts": [part.code for part in parts], "codes": codes, "moved": moved}
    record(kind="area.split", subject=area, actor=actor, at=at, data=data)
    return made


@domain_call("areas:edit")
def merge_areas(*, actor: Actor, at: datetime, into_id: int, area_ids: Sequence[int], on: date) -> Area:
    """Merge areas into one of the same level from a day on; the areas inside them are given codes of its own.

    Raises NotFound out of scope, AreaEnded, and Invalid for nothing to merge, itself, another level, or a wrong day.
    """
    today = timezone.localdate(at)
    into = _standing(actor, into_id, today)
    others = [_standing(actor, area_id, today) for area_id in dict.fromkeys(area_ids)]
    faults: dict[str, str] = {}
    if not others or any(other.pk == into.pk or other.level != into.level for other in others):
        faults["area_ids"] = "请选择要并进来的、同一级的区划。"
    for area in (into, *others):
        faults |= _day_faults(on, area, today, "on")
    if faults:
        raise Invalid(fields=faults)
    codes: dict[str, str] = {}
    for other in others:
        for child in children_of(code=other.area_code, on=today):
            wanted = into.area_code + child.area_code[len(other.area_code) :]
            codes |= _recode(child, _free(wanted, into.area_code, today), on)
        _end(other, on, [into])
        codes[other.area_code] = into.area_code
    moved = replace_codes(codes)
    data = {"on": f"{on}", "from": [other.area_code for other in others], "codes": codes, "moved": moved}
    record(kind="area.merge", subject=into, actor=actor, at=at, data=data)
    return into


def _standing(actor: Actor, area_id: int, today: date) -> Area:
    """Return an area inside the actor's own; the own area itself is reorganised from above."""
    area = obtain(Area.objects.exclude(area_code=actor.area_code), actor, pk=area_id)
    if area.valid_until is not None and area.valid_until <= today:
        raise AreaEnded
    return area


def _begin(code: str, name: str, on: date, *, urban: bool = False, like: Area | None = None) -> Area:
    """Write an area that begins; one that is `like` another, but for code and name, has its place and outline."""
    if like is None:
        return Area.objects.create(
            area_code=code, level=len(code), name=name, short_name=short_name(name), urban=urban, valid_from=on
        )
    return Area.objects.create(
        area_code=code, level=len(code), name=name, short_name=short_name(name), urban=like.urban, valid_from=on,
        longitude=like.longitude, latitude=like.latitude, boundary=like.boundary, schematic=like.schematic,
    )  # fmt: skip


def _end(area: Area, on: date, successors: list[Area]) -> list[Area]:
    Area.objects.filter(pk=area.pk).update(valid_until=on)
    area.successors.set(successors)
    return successors


def _recode(area: Area, code: str, on: date) -> dict[str, str]:
    """Give an area and all inside it new codes; return which code became which."""
    codes = {}
    for old in list(in_force(on=on).filter(within(area.area_code)).order_by("area_code")):
        new = code + old.area_code[len(area.area_code) :]
        _end(old, on, [_begin(new, old.name, on, like=old)])
        codes[old.area_code] = new
    return codes


def _free(wanted: str, parent: str, today: date) -> str:
    """Return this code if nobody has ever had it, else the next free one beside it."""
    taken = set(Area.objects.filter(within(parent)).values_list("area_code", flat=True))
    if wanted not in taken:
        return wanted
    width = len(wanted) - len(parent)
    numbers = (f"{parent}{number:0{width}d}" for number in range(1, 10**width))
    code = next((one for one in numbers if one not in taken), None)
    if code is None:
        raise Invalid(fields={"area_ids": "代码用完了，合并以后放不下这么多下级区划。"})
    return code


def _part_faults(area: Area, parts: Sequence[Part], inside: set[str], today: date) -> dict[str, str]:
    faults: dict[str, str] = {}
    codes = [part.code for part in parts]
    if len(parts) < 2:
        faults["parts"] = "至少要拆成两个。"
    elif len(set(codes)) < len(codes):
        faults["parts"] = "拆分后的代码不能重复。"
    for part in parts:
        if part.code != area.area_code and (fault := _code_fault(part.code, parent_code(area.area_code), today)):
            faults["parts"] = fault
        if wrong := _name_faults(part.name):
            faults["parts"] = wrong["name"]
    placed = [code for part in parts for code in part.children]
    if sorted(placed) != sorted(inside):
        faults["children"] = "每个下级区划都要归到一个新的区划，而且只能归一个。"
    return faults


def _code_fault(code: str, parent: str, today: date) -> str:
    levels = [level for level in Level.values if level > len(parent)]
    if not (code.isascii() and code.isdigit() and levels and len(code) == min(levels) and code.startswith(parent)):
        return f"代码应以 {parent} 开头，共 {min(levels)} 位数字。" if levels else "楼栋以下不再设区划。"
    if in_force(on=today).filter(area_code=code).exists():
        return f"代码 {code} 已经有了。"
    return ""


def _name_faults(name: str) -> dict[str, str]:
    return {} if 2 <= len(name.strip()) <= 80 else {"name": "请填写名称（2到80个字）。"}


def _day_faults(day: date, area: Area, today: date, name: str) -> dict[str, str]:
    if area.valid_from < day <= today:
        return {}
    return {name: f"日期应在“{area.name}”启用（{area.valid_from}）之后，不能晚于今天。"}
