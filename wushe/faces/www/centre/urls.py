"""The addresses of the centre journey."""

from django.urls import path

from . import appointments, day, orders, people, plans, visits

app_name = "centre"
urlpatterns = [
    path("", day.home, name="home"),
    path("dispatch/", day.dispatch, name="dispatch"),
    path("dispatch/propose/", plans.propose, name="propose"),
    path("dispatch/mend/", plans.mend, name="mend"),
    path("dispatch/searches/<int:search_id>/", plans.search, name="search"),
    path("dispatch/plans/<int:plan_id>/", plans.plan, name="plan"),
    path("dispatch/plans/<int:plan_id>/compare/<int:other_id>/", plans.compare, name="compare"),
    path("dispatch/plans/<int:plan_id>/confirm/", plans.confirm, name="confirm"),
    path("dispatch/plans/<int:plan_id>/discard/", plans.discard, name="discard"),
    path("dispatch/plans/<int:plan_id>/replay/", plans.replay, name="replay"),
    path("dispatch/plans/<int:plan_id>/file/", plans.plan_file, name="plan_file"),
    path("dispatch/appointments/<int:appointment_id>/", appointments.appointment, name="appointment"),
    path("dispatch/appointments/<int:appointment_id>/change/", appointments.change, name="change"),
    path("dispatch/appointments/<int:appointment_id>/lock/", appointments.lock, name="lock"),
    path("dispatch/appointments/<int:appointment_id>/reschedule/", appointments.reschedule, name="reschedule"),
    path("orders/", orders.orders, name="orders"),
    path("orders/export/", orders.export_orders, name="export_orders"),
    path("orders/pool/", orders.pool, name="pool"),
    path("orders/<int:order_id>/", orders.order, name="order"),
    path("orders/<int:order_id>/send/", orders.send, name="send"),
    path("orders/<int:order_id>/cancel/", orders.cancel, name="cancel"),
    path("visits/", visits.visits, name="visits"),
    path("visits/export/", visits.export_visits, name="export_visits"),
    path("workers/", people.workers, name="workers"),
    path("workers/<int:worker_id>/", people.worker, name="worker"),
    path("workers/absences/new/", people.absence, name="absence"),
    path("workers/absences/<int:absence_id>/", people.absent, name="absent"),
    path("workers/absences/<int:absence_id>/withdraw/", people.withdraw, name="withdraw_absence"),
]
