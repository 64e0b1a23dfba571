"""The addresses of the organisation journey."""

from django.urls import URLPattern

app_name = "organisation"
urlpatterns: list[URLPattern] = []
