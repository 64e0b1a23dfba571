"""The addresses of the account administrator."""

from django.urls import path

from . import accounts, grants, tokens, webhooks

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
    path("interfaces/", tokens.interfaces, name="interfaces"),
    path("grants/<int:grant_id>/token/", tokens.issue, name="token"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke"),
    path("grants/<int:grant_id>/webhook/", webhooks.subscribe, name="subscribe"),
    path("webhooks/<int:subscription_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:subscription_id>/stop/", webhooks.stop, name="stop_webhook"),
    path("webhooks/<int:subscription_id>/resume/", webhooks.resume, name="resume_webhook"),
    path("webhooks/<int:subscription_id>/secret/", webhooks.secret, name="webhook_secret"),
    path("webhooks/<int:subscription_id>/end/", webhooks.end, name="end_webhook"),
    path("deliveries/<int:delivery_id>/again/", webhooks.again, name="send_again"),
]
