"""The addresses of selections beside their desks."""

from django.urls import URLPattern, path

from . import jury, printed, public

app_name = "selections"
urlpatterns: list[URLPattern] = [
    path("", public.home, name="home"),
    path("<int:pk>/", public.one, name="one"),
    path("<int:pk>/object/", public.object_to, name="object"),
    path("objection/<str:token>/", public.objection, name="objection"),
    path("contract/<int:pk>/contract.pdf", printed.contract, name="contract"),
    path("mine/", jury.mine, name="mine"),
    path("mine/<int:pk>/<int:proposal_id>/", jury.score, name="score"),
    path("mine/<int:pk>/<int:proposal_id>/recuse/", jury.recuse, name="recuse"),
]
