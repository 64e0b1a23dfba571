"""The day as pictures: a board with a row for each worker, and a map of doors and routes."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.dispatch.selectors import DaySheet
from wushe.registers.areas.models import Area
from wushe.registers.workforce.models import Worker

LOOKS = {
    "open": ("wait", "circle-dashed", "待安排"),
    "confirmed": ("going", "calendar-check", "已安排"),
    "locked": ("check", "lock", "已锁定"),
    "started": ("check", "player-play", "服务中"),
    "kept": ("done", "circle-check", "已上门"),
    "late": ("stop", "alert-triangle", "超时未到"),
    "missed": ("stop", "calendar-x", "未上门"),
}
EARLY, LATE = 420, 1140
STEP = 60
LARGEST = 60
LOCK_FORM = "lock-visit"

Address = Callable[[Appointment], str]


def look_of(sheet: DaySheet, row: Appointment) -> str:
    """Return how a visit looks on the day: its state, or what is more pressing."""
    if row.pk in sheet.late:
        return "late"
    if row.state == AppointmentState.KEPT and getattr(row, "visit", None) and row.visit.state == "started":
        return "started"
    if row.state == AppointmentState.CONFIRMED and row.locked:
        return "locked"
    return row.state


def board_of(
    sheet: DaySheet,
    *,
    now: int | None,
    address: Address,
    change: Address | None,
    worker_address: Callable[[Worker], str],
    lock: Address | None = None,
) -> dict[str, Any]:
    """Return the day as the board draws it: the visits without anybody first, then a row for each worker."""
    by_worker: dict[int | None, list[Appointment]] = defaultdict(list)
    for row in sheet.appointments:
        by_worker[row.worker_id].append(row)
    waiting = [row for row in by_worker[None] if row.state == AppointmentState.OPEN]
    both = {row.pk for row in waiting}
    shown = [row for row in waiting if row.seat == 1 or row.pair_id not in both]
    rows = []
    if waiting:
        pool = {"id": "pool", "name": "待安排", "note": f"{len(waiting)} 次没有人", "pool": True}
        rows.append({**pool, "visits": _blocks(sheet, shown, address, change)})
    rows += [
        _row(sheet, worker, by_worker[worker.pk], address=address, change=change, worker_address=worker_address)
        for worker in sheet.workers[:LARGEST]
    ]
    starts = [row.planned_start or row.window_start for row in sheet.appointments] or [EARLY]
    ends = [(row.planned_start or row.window_start) + row.minutes for row in sheet.appointments] or [LATE]
    start = min(EARLY, min(starts) // STEP * STEP)
    end = max(LATE, -(-max(ends) // STEP) * STEP)
    looks = {look_of(sheet, row) for row in sheet.appointments}
    legend = [{"tone": t, "icon": i, "label": w} for key, (t, i, w) in LOOKS.items() if key in looks]
    data: dict[str, Any] = {"start": start, "end": end, "rows": rows, "legend": legend, "reassign": change is not None}
    if now is not None and start <= now <= end:
        data["now"] = now
    if lock is not None:
        data["lock_form"] = LOCK_FORM
        blocks = {block["id"]: block for row in rows for block in row["visits"]}
        for one in sheet.appointments:
            if one.state == AppointmentState.CONFIRMED and one.pk in blocks:
                blocks[one.pk] |= {"lock_url": lock(one), "locked": one.locked}
    return data


def _row(
    sheet: DaySheet,
    worker: Worker,
    visits: list[Appointment],
    *,
    address: Address,
    change: Address | None,
    worker_address: Callable[[Worker], str],
) -> dict[str, Any]:
    absence = sheet.away.get(worker.pk)
    minutes = sum(visit.minutes for visit in visits)
    note = f"{len(visits)} 次 · {minutes // 60}小时{f'{minutes % 60}分' if minutes % 60 else ''}" if visits else "空闲"
    if absence:
        note = f"{absence.get_reason_display()}{f' · 还有{len(visits)}次未改派' if visits else ''}"
    return {
        "id": str(worker.pk), "name": worker.person.name, "note": note, "url": worker_address(worker),
        "away": absence is not None, "off": [[0, worker.shift_start], [worker.shift_end, 24 * 60]],
        "visits": _blocks(sheet, visits, address, change),
    }  # fmt: skip


def _blocks(
    sheet: DaySheet, visits: Iterable[Appointment], address: Address, change: Address | None
) -> list[dict[str, Any]]:
    return [_block(sheet, visit, address, change) for visit in visits]


def _block(sheet: DaySheet, visit: Appointment, address: Address, change: Address | None) -> dict[str, Any]:
    tone, icon, label = LOOKS[look_of(sheet, visit)]
    start = visit.planned_start if visit.planned_start is not None else visit.window_start
    movable = visit.state in {AppointmentState.OPEN, AppointmentState.CONFIRMED}
    block = {
        "id": visit.pk, "start": start, "end": start + visit.minutes, "title": visit.order.item.name,
        "note": f"{visit.order.person.name}{' · 双人' if visit.pair_id else ''}", "tone": tone, "icon": icon,
        "state": label, "url": address(visit), "late": visit.pk in sheet.late, "fixed": not movable,
    }  # fmt: skip
    if change is not None and movable:
        block["reassign_url"] = change(visit)
    return block


def map_of(sheet: DaySheet, *, areas: Iterable[Area], address: Address) -> dict[str, Any]:
    """Return the day as the map draws it: doors by state, and the way of each worker through them."""
    features = [
        {"type": "Feature", "geometry": area.boundary, "properties": {"name": area.short_name or area.name}}
        for area in areas
        if area.boundary
    ]
    points, ways = [], defaultdict(list)
    for row in sheet.appointments:
        household = row.order.person.household
        if household is None or household.longitude is None or household.latitude is None:
            continue
        look = look_of(sheet, row)
        tone, _, label = LOOKS[look]
        who = row.worker.person.name if row.worker else "没有人"
        points.append({
            "lng": household.longitude, "lat": household.latitude, "tone": tone, "url": address(row),
            "label": f"{row.order.item.name} · {row.order.person.name}", "note": f"{label} · {who}",
            "shape": {"open": "diamond", "late": "square", "missed": "square"}.get(look, "dot"),
        })  # fmt: skip
        if row.worker is not None and row.planned_start is not None:
            ways[row.worker].append([household.longitude, household.latitude])
    routes = [
        {"line": [[w.base_longitude, w.base_latitude], *line], "tone": "rest", "label": w.person.name}
        for w, line in ways.items()
    ]
    shown = {look_of(sheet, row) for row in sheet.appointments}
    shapes = {"open": "diamond", "late": "square", "missed": "square"}
    legend = [
        {"tone": tone, "label": label, "shape": shapes.get(key, "dot")}
        for key, (tone, _, label) in LOOKS.items()
        if key in shown
    ]
    return {"areas": features, "points": points, "routes": routes, "legend": legend}
