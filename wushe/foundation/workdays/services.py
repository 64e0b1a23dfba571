"""Keep the table of holidays: load what was published, add and take away days of one's own area."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.services import Act, record_all

from .models import DayKind, SpecialDay

EARLIEST, LATEST = 2000, 2100


@domain_call("jobs:run")
def load_special_days(
    *, actor: Actor, at: datetime, rows: Iterable[Mapping[str, Any]], sources: Mapping[str, str]
) -> int:
    """Add the days that are not yet known for the whole country; return how many. `sources` names the notice of a year."""
    known = set(SpecialDay.objects.filter(region="").values_list("day", flat=True))
    fresh = [
        SpecialDay(day=day, kind=row["kind"], name=row["name"], source=sources[str(day.year)])
        for row in rows
        if (day := date.fromisoformat(row["date"])) not in known
    ]
    SpecialDay.objects.bulk_create(fresh)
    return len(fresh)


@domain_call("presets:edit")
def set_special_day(
    *, actor: Actor, at: datetime, region: str, day: date, kind: str, name: str, source: str
) -> SpecialDay:
    """Say that a day is off or worked in a region of the actor's area; a day said before is said anew.

    Deadlines reckoned before stay as they were. Raises NotAllowed for a region outside, and Invalid for an unknown
    kind, a day out of reach, or a missing name or source.
    """
    if not region.startswith(actor.area_code):
        raise NotAllowed("只能修改本辖区的节假日安排。")
    faults = {}
    if kind not in DayKind.values:
        faults["kind"] = "请选择放假还是上班。"
    if not EARLIEST <= day.year < LATEST:
        faults["day"] = "日期不对，请从日历里选。"
    if not name.strip():
        faults["name"] = "请写明是什么日子，例如：春节。"
    if not source.strip():
        faults["source"] = "请写明依据（通知名称或文号）。"
    if faults:
        raise Invalid(fields=faults)
    said = {"kind": kind, "name": name.strip()[:40], "source": source.strip()[:200]}
    row, _ = SpecialDay.objects.update_or_create(region=region, day=day, defaults=said)
    _note("workdays.set", row, actor, at)
    return row


@domain_call("presets:edit")
def clear_special_day(*, actor: Actor, at: datetime, special_day_id: int) -> None:
    """Let a day of the actor's area follow its weekday, or what holds around it, again; raise NotFound, NotAllowed."""
    row = SpecialDay.objects.filter(pk=special_day_id).first()
    if row is None or not (row.region.startswith(actor.area_code) or actor.area_code.startswith(row.region)):
        raise NotFound
    if not row.region.startswith(actor.area_code):
        raise NotAllowed("全国或上级的安排不能在这里删去；本辖区不同的，请另设一条本辖区的安排。")
    _note("workdays.clear", row, actor, at)
    row.delete()


def _note(kind: str, row: SpecialDay, actor: Actor, at: datetime) -> None:
    data = {"day": str(row.day), "kind": row.kind, "region": row.region}
    record_all([Act(kind, "specialday", row.pk, row.region or actor.area_code, actor, at, data)])
