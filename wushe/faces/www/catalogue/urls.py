"""The addresses of the catalogue."""

from django.urls import path

from . import revision, views

app_name = "catalogue"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("packages/", views.packages, name="packages"),
    path("edition/<int:number>/", views.edition, name="edition"),
    path("diff/<int:old>/<int:new>/", views.difference, name="diff"),
    path("item/<int:item_id>/", views.item, name="item"),
    path("revision/", revision.begin, name="begin"),
    path("edition/<int:number>/head/", revision.head, name="head"),
    path("edition/<int:number>/add/", revision.add, name="add"),
    path("edition/<int:number>/became/<int:item_id>/", revision.successors, name="successors"),
    path("edition/<int:number>/restore/<int:item_id>/", revision.restore, name="restore"),
    path("edition/<int:number>/publish/", revision.publish, name="publish"),
    path("item/<int:item_id>/change/", revision.change, name="change"),
    path("item/<int:item_id>/drop/", revision.drop, name="drop"),
]
