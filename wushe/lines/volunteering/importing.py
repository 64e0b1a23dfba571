"""Hours kept elsewhere: brought in from a file under the other system's name and numbers, each once, marked for good.

They wait until a second person has looked at the whole file, and never become time in the bank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import visible
from wushe.registers.volunteers.models import Volunteer

from .counting import SamePerson, accept_hours
from .models import HourRecord
from .oddities import oddities_of
from .states import HourState, Origin
from .workflow import HOURS

COLUMNS = ("志愿者编号", "服务内容", "开始时间", "结束时间", "外部编号")
MOST_ROWS = 2000
MOST_FAULTS = 20
LONGEST = timedelta(hours=24)
TIMES = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file that can be taken."""

    volunteer: Volunteer
    title: str
    started_at: datetime
    ended_at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: how many records are new, and how many had come before."""

    new: int
    known: int


@domain_call("volunteering:organise")
def import_hours(*, actor: Actor, at: datetime, system: str, rows: Sequence[Sequence[Any]]) -> Taken:
    """Keep the hours of a file, all or none; a number that came before is passed over.

    Raises Invalid with the lines at fault.
    """
    system = system.strip()
    if not 2 <= len(system) <= 40:
        raise Invalid(fields={"system": "请填写时长原来记在哪个系统（2到40个字）。"})
    lines = _read(rows, actor, at)
    known = set(HourRecord.objects.filter(system=system, foreign_number__in=[line.number for line in lines]).values_list(
        "foreign_number", flat=True
    ))  # fmt: skip
    fresh = [line for line in lines if line.number not in known]
    for line in fresh:
        _keep(line, system, actor=actor, at=at)
    if fresh:
        data = {"system": system, "rows": len(fresh), "known": len(known)}
        record(kind="volunteering.import", subject=fresh[0].volunteer, actor=actor, at=at, data=data)
    return Taken(len(fresh), len(known))


@domain_call("volunteering:organise")
def accept_import(*, actor: Actor, at: datetime, system: str, recorded_by: int) -> int:
    """Let what one person brought in from one system count, as a second person; return how many records.

    Raises SamePerson, Invalid if nothing waits.
    """
    if recorded_by == actor.user_id:
        raise SamePerson
    waiting = _imported(actor).filter(state=HourState.HELD, system=system, recorded_by=recorded_by)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST_ROWS])
    if not ids:
        raise Invalid("没有等待核对的导入时长。")
    for pk in ids:
        accept_hours(actor=actor, at=at, record_id=pk, verdict="导入核对")
    return len(ids)


def imports(*, actor: Actor) -> QuerySet[HourRecord, dict[str, Any]]:
    """Return what was brought in, by system and by whom: how much waits, counts, and looks odd."""
    actor.require("volunteering:view")
    rows = _imported(actor).values("system", "recorded_by").annotate(
        held=Count("pk", filter=Q(state=HourState.HELD)), counted=Count("pk", filter=Q(state=HourState.COUNTED)),
        odd=Count("pk", filter=~Q(oddities="") & Q(state=HourState.HELD)), minutes=Sum("minutes"), first=Min("day"), last=Max("day"),
    )  # fmt: skip
    return rows.order_by("-held", "system", "recorded_by")


def _imported(actor: Actor) -> QuerySet[HourRecord]:
    return visible(HourRecord.objects.filter(origin=Origin.IMPORTED), actor)


def _keep(line: Line, system: str, *, actor: Actor, at: datetime) -> None:
    minutes = (line.ended_at - line.started_at) // timedelta(minutes=1)
    row = HourRecord(
        volunteer=line.volunteer, area_code=line.volunteer.area_code, origin=Origin.IMPORTED, title=line.title,
        day=timezone.localdate(line.started_at), started_at=line.started_at, system=system, foreign_number=line.number,
        note=f"由{system}导入", recorded_by=actor.user_id,
    )  # fmt: skip
    HOURS.start(row, event="import", actor=actor, at=at, data={"volunteer": row.volunteer_id, "system": system})
    row.ended_at, row.minutes = line.ended_at, minutes
    changes = {"ended_at": line.ended_at, "minutes": minutes, "oddities": " ".join(oddities_of(row))}
    HOURS.move(row, "hold", actor=actor, at=at, changes=changes, data={"minutes": minutes})


def _read(rows: Sequence[Sequence[Any]], actor: Actor, at: datetime) -> list[Line]:
    """Return the lines of a file under its heading; raise Invalid with those that cannot be taken."""
    head = [str(cell or "").strip() for cell in (rows[0] if rows else ())]
    if missing := [name for name in COLUMNS if name not in head]:
        raise Invalid(fields={"file": f"表头缺少：{'、'.join(missing)}。请下载模板填写。"})
    if not 1 < len(rows) <= MOST_ROWS + 1:
        raise Invalid(fields={"file": f"文件里要有1到{MOST_ROWS}行时长。"})
    places = [head.index(name) for name in COLUMNS]
    cut = [[str(row[n] if n < len(row) and row[n] is not None else "").strip() for n in places] for row in rows[1:]]
    people = Volunteer.objects.filter(number__in={cells[0] for cells in cut}, left_on=None).select_related("person")
    volunteers = {one.number: one for one in visible(people, actor)}
    faults: list[str] = []
    lines: dict[str, Line] = {}
    for number, cells in enumerate(cut, start=2):
        if not any(cells):
            continue
        line = _line(cells, volunteers, at)
        if isinstance(line, Line) and line.number in lines:
            line = f"外部编号“{line.number[:20]}”重复"
        if isinstance(line, Line):
            lines[line.number] = line
        else:
            faults.append(f"第{number}行：{line}。")
    if faults or not lines:
        more = f"还有{len(faults) - MOST_FAULTS}行有问题。" if len(faults) > MOST_FAULTS else ""
        raise Invalid(fields={"file": "".join(faults[:MOST_FAULTS]) + more or "文件里没有时长。"})
    return list(lines.values())


def _line(cells: Sequence[str], volunteers: dict[str, Volunteer], at: datetime) -> Line | str:
    """Return a line, or what is wrong with it."""
    number, title, start, end, foreign = cells
    began, ended = _moment(start), _moment(end)
    if number not in volunteers:
        return f"本辖区没有编号“{number[:20]}”的志愿者"
    if not 2 <= len(title) <= 60:
        return "服务内容要2到60个字"
    if began is None or ended is None:
        return "时间请写成 2026-03-05 09:00 的样子"
    if not began < ended <= at or ended - began > LONGEST:
        return "结束要晚于开始，不超过24小时，也不能晚于现在"
    if not 1 <= len(foreign) <= 60 or not foreign.isprintable() or not title.isprintable():
        return "请填写外部编号（60字以内）"
    return Line(volunteers[number], title, began, ended, foreign)


def _moment(text: str) -> datetime | None:
    for form in TIMES:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - local time of the place, made aware below
        except ValueError:
            continue
        return timezone.make_aware(found) if found.year > date.min.year + 1900 else None
    return None
