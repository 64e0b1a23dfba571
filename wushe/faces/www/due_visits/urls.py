"""The addresses beside the due list."""

from django.urls import URLPattern, path

from . import own, periods, rates

app_name = "due_visits"
urlpatterns: list[URLPattern] = [
    path("rates/", rates.rates, name="rates"),
    path("rates/export/", rates.export, name="export_rates"),
    path("mine/", own.mine, name="mine"),
    path("mine/<int:pair_id>/", own.one, name="look_in"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<int:period_id>/end/", periods.end, name="end_period"),
]
