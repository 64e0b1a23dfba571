"""The addresses of the hotline desk."""

from django.urls import URLPattern, path

from . import acts, importing, lists, rates, receiving

app_name = "hotline"
urlpatterns: list[URLPattern] = [
    path("", lists.orders, name="hotline"),
    path("export/", lists.export, name="export"),
    path("import/", importing.take_over, name="import"),
    path("import/template/", importing.template, name="import_template"),
    path("new/", receiving.receive, name="receive"),
    path("overdue/", lists.overdue, name="overdue"),
    path("rates/", rates.rates_page, name="rates"),
    path("rates/export/", rates.export_rates, name="export_rates"),
    path("topics/", rates.topics, name="topics"),
    path("<int:order_id>/", acts.order, name="order"),
    path("<int:order_id>/reveal/", acts.reveal, name="reveal"),
    *(path(f"<int:order_id>/{act.name}/", acts.page_of_act(act), name=act.name) for act in acts.ACTS),
]
