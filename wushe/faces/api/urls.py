"""The addresses of the machine interface."""

from django.urls import include, path, re_path

from wushe.faces.api.interface import addresses, document, guarded, nowhere

app_name = "api"
urlpatterns = [
    path("v1/openapi.json", guarded(document), name="openapi"),
    path("openrosa/", include("wushe.faces.api.openrosa.urls")),
    path("v1/", include(addresses())),
    re_path(r"^", guarded(nowhere), name="nowhere"),
]
