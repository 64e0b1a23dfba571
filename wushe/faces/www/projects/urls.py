"""Addresses of projects followed from end to end."""

from django.urls import path

from . import lists, pages, quality, reports

app_name = "projects"
urlpatterns = [
    path("", lists.tranches, name="tranches"),
    path("export/", lists.export, name="export"),
    path("<int:project_id>/", pages.one, name="project"),
    path("<int:project_id>/grant/", pages.agree, name="agree"),
    path("<int:project_id>/rectify/", pages.rectify, name="rectify"),
    path("<int:project_id>/standard/", quality.standard, name="standard"),
    path("<int:project_id>/outcome/", quality.outcome, name="outcome"),
    path("<int:project_id>/outcome/measure/", quality.add_measure, name="add_measure"),
    path("tranche/<int:pk>/act/<slug:act>/", pages.tranche_act, name="tranche_act"),
    path("rectification/<int:pk>/act/<slug:act>/", pages.rectification_act, name="rectification_act"),
    path("report/<int:pk>/", reports.report, name="report"),
    path("report/<int:pk>/file/", reports.file_report, name="file_report"),
    path("report/<int:pk>/act/<slug:act>/", reports.report_act, name="report_act"),
]
