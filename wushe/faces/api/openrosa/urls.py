"""The addresses under which field applications look for what they need."""

from django.urls import path

from . import views

urlpatterns = [
    path("formList", views.forms, name="openrosa_forms"),
    path("forms/<int:pk>.xml", views.form, name="openrosa_form"),
    path("forms/<int:pk>/manifest", views.files, name="openrosa_manifest"),
    path("forms/<int:pk>/<str:name>", views.file, name="openrosa_file"),
    path("submission", views.submission, name="openrosa_submission"),
]
