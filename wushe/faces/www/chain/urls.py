"""The addresses of the chain's own pages."""

from django.urls import path

from . import views

app_name = "chain"
urlpatterns = [path("need/<int:need_id>/", views.need, name="need")]
