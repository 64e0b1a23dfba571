"""The addresses of the accounts journey."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
