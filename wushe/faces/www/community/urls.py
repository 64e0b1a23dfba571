"""The addresses of the community journey."""

from django.urls import URLPattern

app_name = "community"
urlpatterns: list[URLPattern] = []
