"""The addresses of the district journey."""

from django.urls import URLPattern

app_name = "district"
urlpatterns: list[URLPattern] = []
