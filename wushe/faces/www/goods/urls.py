"""Addresses of the desk of goods."""

from django.urls import path

from . import counts, distributing, handouts, home, recalls, stock, write_offs

app_name = "goods"
urlpatterns = [
    path("", home.home, name="goods_home"),
    path("stock/", stock.home, name="stock"),
    path("receive/", stock.receive, name="receive"),
    path("stock/<int:pk>/", stock.one, name="position"),
    path("stock/<int:pk>/act/<slug:act>/", stock.act, name="position_act"),
    path("distribute/", distributing.distribute, name="distribute"),
    path("give/", distributing.give, name="give"),
    path("handouts/", handouts.home, name="handouts"),
    path("handouts/<int:pk>/", handouts.one, name="handout"),
    path("handouts/<int:pk>/act/<slug:act>/", handouts.act, name="handout_act"),
    path("proof/<int:pk>/", handouts.proof, name="proof"),
    path("counts/", counts.home, name="counts"),
    path("counts/begin/", counts.begin, name="begin_count"),
    path("counts/<int:pk>/", counts.one, name="count"),
    path("counts/<int:pk>/write/", counts.write, name="write_count"),
    path("counts/<int:pk>/act/<slug:act>/", counts.act, name="count_act"),
    path("counts/<int:pk>/sheet/", counts.sheet, name="count_sheet"),
    path("write-offs/", write_offs.home, name="write_offs"),
    path("write-offs/<int:pk>/act/<slug:act>/", write_offs.act, name="write_off_act"),
    path("recalls/", recalls.home, name="recalls"),
    path("recalls/<int:pk>/", recalls.one, name="recall"),
    path("recalls/<int:pk>/close/", recalls.close, name="close_recall"),
    path("contacts/<int:pk>/act/<slug:act>/", recalls.act, name="contact_act"),
    path("export/<slug:name>/", home.export, name="export"),
]
