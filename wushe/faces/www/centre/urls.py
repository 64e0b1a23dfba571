"""The addresses of the centre journey."""

from django.urls import URLPattern

app_name = "centre"
urlpatterns: list[URLPattern] = []
