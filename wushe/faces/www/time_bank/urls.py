"""The addresses of the time bank."""

from django.urls import path

from . import books, deciding, own, public, tables

app_name = "time_bank"
urlpatterns = [
    path("", books.home, name="time_bank"),
    path("solvency.xlsx", tables.solvency_file, name="solvency_file"),
    path("open/", deciding.open_new, name="open_bank"),
    path("reserve/", deciding.reserve, name="reserve"),
    path("accounts/", books.accounts, name="accounts"),
    path("accounts/export/", tables.accounts_file, name="accounts_file"),
    path("accounts/<int:pk>/", books.account, name="account"),
    path("coins/<int:pk>/", books.coin, name="coin"),
    path("earnings/", books.earnings, name="earnings"),
    path("seals/", books.seals, name="seals"),
    path("seals/verify/", deciding.verify, name="verify"),
    path("requests/", books.requests, name="requests"),
    path("requests/<int:pk>/", deciding.request_page, name="request"),
    path("requests/<int:pk>/decide/", deciding.decide_request, name="decide_request"),
    path("gifts/", books.gifts, name="gifts"),
    path("gifts/grant/", deciding.grant, name="grant"),
    path("gifts/<int:pk>/", deciding.gift, name="gift"),
    path("gifts/<int:pk>/decide/", deciding.decide_gift, name="decide_gift"),
    path("rules/", public.rules, name="rules"),
    path("check/", public.check, name="check"),
    path("mine/", own.mine, name="mine"),
    path("mine/ask/", own.ask, name="ask"),
    path("mine/open/", own.open_requests, name="open"),
    path("mine/requests/<int:pk>/", own.request_page, name="own_request"),
    path("mine/requests/<int:pk>/<slug:act>/", own.act, name="act"),
    path("mine/give/", own.give, name="give"),
    path("mine/gifts/<int:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("mine/donate/", own.donate, name="donate"),
    path("mine/statement.json", own.statement_file, name="statement_file"),
]
