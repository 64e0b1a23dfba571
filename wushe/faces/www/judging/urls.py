"""The addresses where residents read answers and judge."""

from django.urls import URLPattern, path

from . import own, public

app_name = "judging"
urlpatterns: list[URLPattern] = [
    path("", public.answers, name="answers"),
    path("<int:pk>/", public.answer, name="answer"),
    path("years/", public.years, name="years"),
    path("mine/", own.own, name="own"),
    path("mine/year/", own.year, name="year"),
    path("mine/<int:pk>/", own.grade, name="grade"),
]
