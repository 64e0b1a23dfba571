"""The addresses of scouts beside their desk."""

from django.urls import URLPattern, path

from . import own, rates

app_name = "scouts"
urlpatterns: list[URLPattern] = [
    path("", own.own, name="own"),
    path("rates/", rates.rates, name="scout_rates"),
    path("rates/export/", rates.export, name="export_rates"),
]
