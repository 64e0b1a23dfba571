"""The addresses of the resident journey."""

from django.urls import URLPattern, path

from . import activities, views

app_name = "resident"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("order/", views.order, name="order"),
    path("order/<slug:kind>/", views.order_when, name="order_when"),
    path("order/<slug:kind>/<slug:when>/", views.order_confirm, name="order_confirm"),
    path("mine/", views.mine, name="mine"),
    path("needs/<int:need_id>/", views.need, name="need"),
    path("needs/<int:need_id>/cancel/", views.cancel, name="cancel"),
    path("rate/", views.ratings, name="ratings"),
    path("rate/<int:visit_id>/", views.rate, name="rate"),
    path("activities/", activities.activities, name="activities"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/enrol/", activities.enrol, name="enrol"),
    path("activities/mine/<int:pk>/leave/", activities.leave, name="leave"),
    path("activities/mine/<int:pk>/rate/", activities.rate, name="rate_activity"),
    path("activities/photos/<int:pk>/", activities.photo, name="activity_photo"),
]
