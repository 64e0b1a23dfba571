"""The addresses for the protection of children."""

from django.urls import path

from . import records, reports

app_name = "children"
urlpatterns = [
    path("report/", reports.report, name="report_child"),
    path("reports/", reports.reports, name="child_reports"),
    path("reports/<int:pk>/", reports.one, name="danger"),
    path("reports/<int:pk>/open/", reports.open_one, name="open_danger"),
    path("reports/<int:pk>/step/", reports.step, name="step"),
    path("", records.records, name="child_records"),
    path("new/", records.new, name="new_record"),
    path("<int:pk>/", records.one, name="record"),
    path("<int:pk>/read/", records.read, name="read"),
    path("<int:pk>/note/", records.note, name="note"),
    path("<int:pk>/ask/", records.ask, name="ask"),
    path("leaves/<int:pk>/grant/", records.grant, name="grant"),
    path("leaves/<int:pk>/refuse/", records.refuse, name="refuse"),
    path("leaves/<int:pk>/end/", records.end, name="end"),
]
