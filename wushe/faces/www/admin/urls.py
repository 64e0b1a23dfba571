"""The addresses of the account administrator."""

from django.urls import path

from . import accounts, grants

app_name = "admin"
urlpatterns = [
    path("", accounts.home, name="home"),
    path("users/", accounts.users, name="users"),
    path("users/new/", accounts.open_page, name="open"),
    path("users/<int:user_id>/", accounts.account, name="account"),
    path("users/<int:user_id>/close/", accounts.close, name="close"),
    path("users/<int:user_id>/reopen/", accounts.reopen, name="reopen"),
    path("users/<int:user_id>/password/", accounts.password, name="password"),
    path("users/<int:user_id>/grants/new/", grants.give, name="give"),
    path("grants/<int:grant_id>/end/", grants.end, name="end"),
]
