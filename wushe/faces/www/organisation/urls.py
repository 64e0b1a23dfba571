"""The addresses of the organisation journey."""

from django.urls import path

from . import day, orders, reports, visits

app_name = "organisation"
urlpatterns = [
    path("", orders.home, name="home"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<int:order_id>/", orders.order, name="order"),
    path("orders/<int:order_id>/accept/", orders.accept, name="accept"),
    path("orders/<int:order_id>/refuse/", orders.refuse, name="refuse"),
    path("orders/<int:order_id>/withdraw/", orders.withdraw, name="withdraw"),
    path("dispatch/", day.dispatch, name="dispatch"),
    path("dispatch/appointments/<int:appointment_id>/", day.appointment, name="appointment"),
    path("dispatch/appointments/<int:appointment_id>/change/", day.change, name="change"),
    path("dispatch/appointments/<int:appointment_id>/report/", reports.report, name="report"),
    path("settlement/", reports.settlement, name="settlement"),
    path("settlement/export/", reports.settlement_file, name="settlement_file"),
    path("workers/", day.workers, name="workers"),
    path("workers/absences/new/", day.absence, name="absence"),
    path("visits/", visits.visits, name="visits"),
    path("visits/<int:visit_id>/appeal/", visits.appeal, name="appeal"),
]
