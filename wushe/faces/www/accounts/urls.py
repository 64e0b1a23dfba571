"""The addresses of the settlement clerk's desk."""

from django.urls import path

from . import ledgers, settlements

app_name = "accounts"
urlpatterns = [
    path("", settlements.home, name="home"),
    path("settlement/", settlements.settlement, name="settlement"),
    path("settlement/export/", settlements.export, name="export"),
    path("settlement/settle/", settlements.settle_area, name="settle_area"),
    path("settlement/<int:pk>/", settlements.one, name="one"),
    path("settlement/<int:pk>/settle/", settlements.settle_one, name="settle_one"),
    path("settlement/<int:pk>/reverse/", settlements.reverse_one, name="reverse_one"),
    path("statements/", settlements.statements, name="statements"),
    path("statements/<int:pk>/", settlements.statement, name="statement"),
    path("statements/<int:pk>/export/", settlements.statement_file, name="statement_file"),
    path("ledgers/", ledgers.accounts, name="ledgers"),
    path("ledgers/balance/", ledgers.balance, name="balance"),
    path("ledgers/<int:pk>/", ledgers.account, name="account"),
]
