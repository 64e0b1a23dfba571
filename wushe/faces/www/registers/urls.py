"""The addresses of the registers: a list and a page for each, and the acts that all share."""

from functools import partial

from django.urls import URLPattern, path

from wushe.faces.www.access import allow

from . import bulk, details, editing, home, lists
from .desk import desks

app_name = "registers"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("views/<int:view_id>/drop/", lists.drop, name="drop_view"),
    path("bulk/<int:change_id>/undo/", bulk.undo, name="undo"),
]
for code, desk in desks().items():
    if desk.own:
        continue
    may_see = allow(desk.register.permission)
    urlpatterns += [
        path(f"{code}/", may_see(partial(lists.show_list, code=code)), name=code),
        path(f"{code}/<int:pk>/", may_see(partial(details.show_one, code=code)), name=desk.one),
    ]
urlpatterns += [
    path("<slug:code>/export/", lists.export, name="export"),
    path("<slug:code>/views/", lists.keep_view, name="keep_view"),
    path("<slug:code>/bulk/<slug:act>/", bulk.bulk, name="bulk"),
    path("<slug:code>/new/", editing.new, name="new"),
    path("<slug:code>/<int:pk>/edit/", editing.edit, name="edit"),
    path("<slug:code>/<int:pk>/<slug:act>/", editing.act, name="act"),
]
