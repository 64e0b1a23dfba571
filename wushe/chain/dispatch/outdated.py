"""What has changed since a plan was made: visits taken, moved or cancelled, workers away or busy elsewhere."""

from django.db.models import QuerySet

from wushe.chain.orders.models import OrderState
from wushe.registers.workforce.models import Worker
from wushe.registers.workforce.selectors import workers_on

from .models import Appointment, AppointmentState, Plan

STANDING = {AppointmentState.OPEN.value, AppointmentState.CONFIRMED.value, AppointmentState.KEPT.value}


def find_changes(*, plan: Plan, rows: dict[int, Appointment]) -> list[str]:
    """Return a sentence for each thing that no longer is as the plan took it to be; [] if all is the same."""
    return [*_changed_visits(plan, rows), *_missing_workers(plan), *_busy_elsewhere(plan)]


def _changed_visits(plan: Plan, rows: dict[int, Appointment]) -> list[str]:
    running = set(
        Appointment.objects.filter(pk__in=rows, order__state=OrderState.ACCEPTED, day=plan.day).values_list(
            "pk", flat=True
        )
    )
    found = []
    for name, basis in plan.problem["basis"].items():
        row = rows.get(int(name[1:]))
        if row is None:
            found.append(f"一次服务（{name}）已不存在")
            continue
        title = f"订单{row.order_id}第{row.number}次服务"
        if row.state not in STANDING or row.pk not in running:
            found.append(f"{title}已{_ended(row)}")
        elif [row.state, row.worker_id, row.planned_start, row.locked] != basis:
            found.append(f"{title}的安排已被改动")
    return found


def _ended(row: Appointment) -> str:
    if row.state == AppointmentState.MISSED:
        return "登记为未上门"
    return "取消" if row.state == AppointmentState.CANCELLED else "不在原来的订单或日期上"


def _missing_workers(plan: Plan) -> list[str]:
    ids = _workers_of(plan)
    there = set(workers_on(area_code="", day=plan.day).filter(pk__in=ids).values_list("pk", flat=True))
    away: QuerySet[Worker] = Worker.objects.filter(pk__in=set(ids) - there).select_related("person")
    return [f"{worker.person.name}当天已不在岗" for worker in away]


def _busy_elsewhere(plan: Plan) -> list[str]:
    """Return those who have meanwhile got visits that the plan does not know of."""
    known = {int(row["id"][1:]) for row in plan.problem["visits"]} | {int(name[1:]) for name in plan.problem["basis"]}
    planned = [AppointmentState.CONFIRMED, AppointmentState.KEPT]
    rows = Appointment.objects.filter(day=plan.day, worker_id__in=_workers_of(plan), state__in=planned)
    fresh = [row for row in rows.select_related("worker__person") if row.pk not in known]
    return [f"{row.worker.person.name}又被安排了一次服务（订单{row.order_id}）" for row in fresh if row.worker]


def _workers_of(plan: Plan) -> list[int]:
    return [int(route["person"][1:]) for route in plan.solution["routes"]]
