"""The addresses of double check-in beside its desks."""

from django.urls import URLPattern, path

from . import bulletin, own

app_name = "check_in"
urlpatterns: list[URLPattern] = [
    path("bulletin/", bulletin.communities, name="bulletin"),
    path("bulletin/export/", bulletin.export, name="export_bulletin"),
    path("bulletin/<str:area_code>/", bulletin.community, name="community"),
    path("bulletin/<str:area_code>/export/", bulletin.export_community, name="export_community"),
    path("own/", own.own, name="own"),
    path("unit/", own.unit, name="unit"),
]
