"""Change policy presets: a new value starts on a day and ends the value before it; nothing is overwritten."""

from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.journal.services import record

from .models import Certainty, Preset

UNITS_OF_TIME = ("minutes", "working_days")
COUNTED_EITHER_WAY = {
    *(f"needs.deadline.{tier}" for tier in ("now", "day", "week", "fortnight")),
    *(f"orders.leg.{leg}" for leg in ("send", "accept", "assign")),
}
"""Periods that a region may give in minutes of the calendar or in working days."""


@domain_call("presets:edit")
def set_preset(
    *, actor: Actor, at: datetime, key: str, region: str, value: Any, effective_from: date, source: str,
    note: str = "", unit: str = "",
) -> Preset:  # fmt: skip
    """Give a preset a new value from a day on, within the actor's own area.

    Raises NotAllowed for a region outside the actor's area, and Invalid for an unknown key, a value of another
    kind or in another unit than before, a missing source, or a start that is not after the start of the value it follows.
    """
    if not region.startswith(actor.area_code):
        raise NotAllowed("只能修改本辖区的政策数值。")
    known = Preset.objects.filter(key=key).order_by("-effective_from").first()
    if known is None:
        raise Invalid(fields={"key": "没有这项政策数值。"})
    if not source.strip():
        raise Invalid(fields={"source": "请写明依据（文件名称或文号）。"})
    if unit not in ("", known.unit) and not (key in COUNTED_EITHER_WAY and unit in UNITS_OF_TIME):
        raise Invalid(fields={"unit": "这项数值的单位不能改。"})
    if not _of_same_form(value, known.value):
        raise Invalid(fields={"value": "数值的类型与原来不一致，请按原来的格式填写。"})
    before = Preset.objects.filter(key=key, region=region).order_by("-effective_from").first()
    if before and before.effective_from >= effective_from:
        raise Invalid(fields={"effective_from": f"生效日期应晚于现行数值的生效日期（{before.effective_from}）。"})
    if before and (before.effective_to is None or before.effective_to > effective_from):
        before.effective_to = effective_from
        before.save(update_fields=["effective_to"])
    row = Preset.objects.create(
        key=key, region=region, title=known.title, value=value, unit=unit or known.unit, effective_from=effective_from,
        source=source.strip(), certainty=Certainty.PAGE, note=note,
    )  # fmt: skip
    record(kind="preset.set", subject=row, actor=actor, at=at, data={"key": key, "region": region, "value": value})
    return row


def _of_same_form(value: Any, known: Any) -> bool:
    """Say whether a value can stand where the known one stood: the same kind, the same names, all the way down."""
    if _kind(value) is not _kind(known):
        return False
    if isinstance(known, dict):
        return value.keys() == known.keys() and all(_of_same_form(value[name], known[name]) for name in known)
    if isinstance(known, list):
        return not known or all(_of_same_form(one, known[0]) for one in value)
    return True


def _kind(value: Any) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)
