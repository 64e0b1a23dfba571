"""The addresses of Excel rounds. A register's list leads to `rounds:start` with its code."""

from django.urls import path

from . import views

app_name = "rounds"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("<slug:register>/", views.start, name="start"),
    path("<slug:register>/form/", views.empty_form, name="form"),
    path("round/<int:round_id>/", views.show, name="round"),
    path("round/<int:round_id>/columns/", views.columns, name="columns"),
    path("round/<int:round_id>/commit/", views.commit, name="commit"),
    path("round/<int:round_id>/discard/", views.discard, name="discard"),
    path("round/<int:round_id>/take-back/", views.take_back, name="take_back"),
    path("round/<int:round_id>/result/", views.result, name="result"),
]
