"""The addresses of wishes beside their desk."""

from django.urls import URLPattern, path

from . import claims, photos, public

app_name = "wishes"
urlpatterns: list[URLPattern] = [
    path("", public.wall, name="wall"),
    path("<int:pk>/", public.one, name="one"),
    path("mine/", claims.mine, name="mine"),
    path("<int:pk>/claim/", claims.claim, name="claim"),
    path("claims/<int:pk>/", claims.follow, name="follow"),
    path("claims/<int:pk>/called/", claims.called, name="called"),
    path("claims/<int:pk>/drop/", claims.drop, name="drop"),
    path("claims/<int:pk>/photo/", photos.add, name="add_photo"),
    path("photos/<int:pk>/", photos.one, name="photo"),
]
