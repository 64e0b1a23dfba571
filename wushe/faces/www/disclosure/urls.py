"""Addresses of the public books; none asks for a sign-in."""

from django.urls import path

from . import asking, books, gifts, goods

app_name = "disclosure"
urlpatterns = [
    path("", books.home, name="home"),
    path("fund/<int:pk>/", books.fund, name="fund"),
    path("fund/<int:pk>/lines.csv", books.lines, name="lines"),
    path("fund/<int:pk>/datapackage.json", books.package, name="package"),
    path("fund/<int:pk>/ask/", asking.ask, name="ask"),
    path("goods/", goods.goods, name="goods"),
    path("goods/lines.csv", goods.goods_lines, name="goods_lines"),
    path("project/<int:pk>/", books.project, name="project"),
    path("question/<str:token>/", asking.question, name="question"),
    path("gift/<str:token>/", gifts.gift, name="gift"),
    path("gift/<str:token>/answer/", gifts.answer, name="answer"),
    path("gift/<str:token>/receipt.pdf", gifts.receipt, name="receipt"),
]
