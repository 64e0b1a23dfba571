"""The addresses of the verifier's desk."""

from django.urls import path

from . import calls, queue

app_name = "quality"
urlpatterns = [
    path("", queue.home, name="home"),
    path("verification/", queue.verification, name="verification"),
    path("verification/clean/", queue.clean, name="clean"),
    path("verification/<int:pk>/", queue.check, name="check"),
    path("verification/<int:pk>/accept/", queue.accept, name="accept"),
    path("verification/<int:pk>/reject/", queue.reject, name="reject"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/phone/", calls.phone, name="phone"),
]
