"""The dispatch centre's day: as board, list and map, with what has no worker yet always in sight."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from wushe.chain.dispatch.handwork import MOVABLE
from wushe.chain.dispatch.models import Appointment, AppointmentState, Plan, PlanState
from wushe.chain.dispatch.selectors import (
    DayFilter,
    DaySheet,
    day_counts,
    find_plans,
    hand_plans,
    may_plan,
    read_sheet,
)
from wushe.chain.orders.selectors import order_counts, overdue_orders
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.refusing import whole
from wushe.foundation.counting import show_count
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, places_of
from wushe.registers.organisations.selectors import organisations
from wushe.registers.workforce.models import Worker, WorkerKind
from wushe.registers.workforce.selectors import absences

from .forms import PlanForm
from .picture import LOOKS, board_of, look_of, map_of
from .wording import EMPHASES

VIEWS = ("board", "list", "map")


@require_GET
@desk("dispatch:view")
def home(request: PageRequest) -> HttpResponse:
    """Show what is pressing now, and each street's day."""
    actor, at, today = request.actor, timezone.now(), timezone.localdate()
    counts = day_counts(actor=actor, day=today)
    orders = order_counts(actor=actor, at=at)
    names = place_names(codes=counts, from_level=Level.STREET)
    streets = sorted(
        ({"code": code, "name": names.get(code, code), **_street(row)} for code, row in counts.items()),
        key=lambda row: (-row["open"], -row["missed"], row["code"]),
    )
    total: Counter[str] = Counter()
    for row in counts.values():
        total.update(row)
    away = list(absences(actor=actor, since=today).filter(starts_on__lte=today)[:100])
    return render(request, "www/centre/home.html", {
        "today": today, "streets": streets, "total": dict(total), "all": sum(total.values()) - total["cancelled"],
        "orders": {name: show_count(count) for name, count in orders.items()}, "away": away,
        "overdue": list(overdue_orders(actor=actor, at=at)[:8]), "overdue_any": orders["overdue"],
    })  # fmt: skip


def _street(row: dict[str, int]) -> dict[str, int]:
    states = {state: row.get(state, 0) for state in ("open", "confirmed", "kept", "missed")}
    return {**states, "all": sum(states.values())}


@require_GET
@desk("dispatch:view")
def dispatch(request: PageRequest) -> HttpResponse:
    """Show one day of one area."""
    actor, at = request.actor, timezone.now()
    day = chosen_day(request)
    streets = list(places_of(actor=actor, on=day, level=Level.STREET)) if len(actor.area_code) < Level.STREET else []
    area = chosen_area(request, [street.area_code for street in streets])
    where = chosen_filter(request, area)
    sheet = read_sheet(actor=actor, at=at, day=day, where=where)
    view = request.GET.get("view", "board") if request.GET.get("view") in VIEWS else "board"
    context = {
        **day_context(request, sheet, view), "day": day, "area": area, "view": view, "streets": streets,
        "organisations": list(organisations(actor=actor).filter(takes_orders=True)), "kinds": WorkerKind.choices,
        "plans": with_rivals(find_plans(actor=actor, area_code=area, day=day)),
        "by_hand": hand_plans(actor=actor, area_code=area, day=day), "may_plan": may_plan(actor=actor, area_code=area),
        "plan_form": PlanForm(initial={"area": area, "day": day, "seconds": "8"}), "past": day < timezone.localdate(at),
    }  # fmt: skip
    if view == "map":
        level = Level.COMMUNITY if len(area) >= Level.STREET else Level.STREET
        shown = places_of(actor=actor, on=day, level=level).defer(None)
        shown = [one for one in shown if one.area_code.startswith(area)]
        context["map"] = map_of(sheet, areas=shown, address=Addresses("centre").visit)
    return render(request, "www/centre/dispatch.html", context)


def with_rivals(plans: list[Plan]) -> list[dict[str, Any]]:
    """Return plans, each with the one it is best compared with: the one in force, else the one before it."""
    rows = []
    for number, plan in enumerate(plans):
        rest = [one for one in plans if one.pk != plan.pk and one.area_code == plan.area_code]
        current = next((one for one in rest if one.state == PlanState.CONFIRMED), None)
        before = next((one for one in plans[number + 1 :] if one.area_code == plan.area_code), None)
        emphasis = EMPHASES.get(plan.summary.get("emphasis", ""), "")
        rows.append({"plan": plan, "rival": current or before, "emphasis": emphasis})
    return rows


def day_context(request: PageRequest, sheet: DaySheet, view: str, *, journey: str = "centre") -> dict[str, Any]:
    """Return what the day's board or list shows, with the tray of visits that have nobody."""
    addresses = Addresses(journey, request.actor.area_code)
    waiting = [row for row in sheet.appointments if row.state == AppointmentState.OPEN]
    both = {row.pk for row in waiting}
    tray = [row for row in waiting if row.seat == 1 or row.pair_id not in both]
    shown = Counter(look_of(sheet, row) for row in sheet.appointments)
    conflicts = conflicts_of(sheet)
    context: dict[str, Any] = {
        "sheet": sheet, "waiting": waiting, "conflicts": conflicts, "mendable": any("mendable" in one for one in conflicts),
        "states": [(key, LOOKS[key][2], shown[key]) for key in LOOKS if shown[key]],
        "day_before": sheet.day - timedelta(days=1), "day_after": sheet.day + timedelta(days=1),
    }  # fmt: skip
    if view == "board":
        change = addresses.change if request.actor.may("dispatch:change") else None
        context["board"] = board_of(
            sheet, now=now_minute(sheet.day), address=addresses.visit, change=change, worker_address=addresses.worker,
            lock=addresses.lock if change and journey == "centre" else None,
        )  # fmt: skip
    context["rows"] = _rows(request, sheet, sheet.appointments, addresses) if view == "list" else []
    context["waiting_rows"] = _rows(request, sheet, tray, addresses) if view != "list" else []
    return context


def _rows(
    request: PageRequest, sheet: DaySheet, shown: list[Appointment], addresses: "Addresses"
) -> list[dict[str, Any]]:
    may_change = request.actor.may("dispatch:change")
    return [
        {
            "row": row,
            "look": LOOKS[look_of(sheet, row)],
            "place": sheet.places.get(row.area_code),
            "address": addresses.visit(row),
            "change": addresses.change(row) if may_change and row.state in MOVABLE else "",
        }
        for row in shown
    ]


def conflicts_of(sheet: DaySheet) -> list[dict[str, Any]]:
    """Return what cannot stay as it is: planned for somebody who is away, nobody came, two at one time."""
    found = []
    last: dict[int, Appointment] = {}
    for row in sheet.appointments:
        if row.state != AppointmentState.CONFIRMED or row.worker is None or row.planned_start is None:
            continue
        name = row.worker.person.name
        if row.worker_id in sheet.away:
            away = sheet.away[row.worker_id].get_reason_display()
            found.append({"row": row, "text": f"{name}{away}，这次服务还没有改派", "mendable": True})
        if row.pk in sheet.late:
            found.append(
                {
                    "row": row,
                    "text": f"{name}应在 {row.planned_start // 60:02d}:{row.planned_start % 60:02d} 上门，还没有签到",
                }
            )
        before = last.get(row.worker_id or 0)
        if before is not None and (before.planned_start or 0) + before.minutes > row.planned_start:
            found.append({"row": row, "text": f"{name}在这个时间还有另一次服务，时间重叠", "mendable": True})
        last[row.worker_id or 0] = row
    return found


def chosen_day(request: HttpRequest) -> date:
    """Return the day of the address, or today."""
    try:
        return parse_date(request.GET.get("day", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def chosen_area(request: PageRequest, streets: list[str]) -> str:
    """Return the area of the address if the actor may see it, or else the actor's own."""
    asked = request.GET.get("area", "")
    own = request.actor.area_code
    return asked if asked.isdigit() and asked.startswith(own) and (asked in streets or asked == own) else own


def chosen_filter(request: HttpRequest, area: str) -> DayFilter:
    """Return the other filters of the address; what makes no sense is left open."""
    kind = request.GET.get("kind", "")
    return DayFilter(
        area_code=area,
        organisation_id=whole(request.GET.get("organisation", "")),
        kind=kind if kind in WorkerKind.values else "",
    )


def now_minute(day: date) -> int | None:
    """Return the minute of the day if the day is today."""
    local = timezone.localtime()
    return local.hour * 60 + local.minute if local.date() == day else None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a journey keeps the pages of a visit, of its change and lock, and of a worker."""

    journey: str
    own_area: str = ""

    def visit(self, row: Appointment) -> str:
        """Return the page of a visit."""
        return reverse(f"{self.journey}:appointment", args=[row.pk])

    def change(self, row: Appointment) -> str:
        """Return the page on which a visit is reassigned."""
        return reverse(f"{self.journey}:change", args=[row.pk])

    def lock(self, row: Appointment) -> str:
        """Return where a visit is locked and freed; the centre alone does so."""
        return reverse("centre:lock", args=[row.pk])

    def worker(self, worker: Worker) -> str:
        """Return the page of a worker, of all workers, or "" for one who comes in from another area."""
        if self.journey != "centre":
            return reverse(f"{self.journey}:workers")
        return reverse("centre:worker", args=[worker.pk]) if worker.area_code.startswith(self.own_area) else ""
