"""Addresses of the desk of charity money."""

from django.urls import path

from . import donations, duties, expenses, exports, funds, questions

app_name = "charity"
urlpatterns = [
    path("", funds.home, name="funds"),
    path("fund/new/", funds.new, name="new_fund"),
    path("fund/<int:pk>/", funds.one, name="fund"),
    path("fund/<int:pk>/act/<slug:act>/", funds.act, name="fund_act"),
    path("fund/<int:pk>/seat/", funds.seat, name="seat"),
    path("fund/<int:pk>/seat/<int:seat>/leave/", funds.leave, name="leave_seat"),
    path("fund/<int:pk>/receive/", donations.receive, name="receive"),
    path("fund/<int:pk>/request/", expenses.request_form, name="request"),
    path("donations/", donations.home, name="donations"),
    path("donation/<int:pk>/", donations.one, name="donation"),
    path("donation/<int:pk>/act/<slug:act>/", donations.act, name="donation_act"),
    path("donation/<int:pk>/receipt.pdf", donations.receipt, name="receipt"),
    path("expenses/", expenses.home, name="expenses"),
    path("expense/<int:pk>/", expenses.one, name="expense"),
    path("expense/<int:pk>/act/<slug:act>/", expenses.act, name="expense_act"),
    path("duties/", duties.home, name="duties"),
    path("fund/<int:pk>/duty/", duties.fulfil, name="fulfil"),
    path("ratios/", duties.ratios, name="ratios"),
    path("questions/", questions.home, name="questions"),
    path("question/<int:pk>/", questions.one, name="question"),
    path("declarations/", questions.declarations, name="declarations"),
    path("export/<slug:name>/", exports.export, name="export"),
]
