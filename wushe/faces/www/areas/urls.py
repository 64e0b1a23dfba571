"""The addresses of the areas."""

from django.urls import path

from . import acts, pages

app_name = "areas"
urlpatterns = [
    path("", pages.areas_page, name="areas"),
    path("<int:area_id>/", pages.area_page, name="area"),
    path("<int:area_id>/add/", acts.add, name="add"),
    path("<int:area_id>/rename/", acts.rename, name="rename"),
    path("<int:area_id>/split/", acts.split, name="split"),
    path("<int:area_id>/merge/", acts.merge, name="merge"),
    path("<int:area_id>/place/", acts.place, name="place"),
]
