"""Every address of the product; each face keeps its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("wushe.faces.www.urls")),
    path("api/", include("wushe.faces.api.urls")),
]
