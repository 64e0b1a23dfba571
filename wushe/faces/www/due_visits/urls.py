"""The addresses beside the due list."""

from django.urls import URLPattern, path

from . import periods, rates

app_name = "due_visits"
urlpatterns: list[URLPattern] = [
    path("rates/", rates.rates, name="rates"),
    path("rates/export/", rates.export, name="export_rates"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<int:period_id>/end/", periods.end, name="end_period"),
]
