"""The addresses of the coordinator's desk of volunteering."""

from django.urls import path

from . import activities, certificates, checks, codes, exchange, figures, rolls, seasons, tomorrow

app_name = "volunteering"
urlpatterns = [
    path("", activities.activities, name="volunteering"),
    path("export/", activities.export, name="export"),
    path("new/", activities.new, name="new"),
    path("<int:pk>/", activities.activity, name="activity"),
    path("<int:pk>/edit/", activities.edit, name="edit"),
    path("<int:pk>/open/", activities.open_up, name="open"),
    path("<int:pk>/shifts/", activities.shifts, name="shifts"),
    path("<int:pk>/cancel/", activities.cancel, name="cancel"),
    path("<int:pk>/close/", activities.close, name="close"),
    path("<int:pk>/photos/", activities.photos, name="photos"),
    path("photos/<int:pk>/", activities.photo, name="photo"),
    path("shifts/<int:pk>/", rolls.shift, name="shift"),
    path("shifts/<int:pk>/place/", rolls.place, name="place"),
    path("shifts/<int:pk>/capacity/", rolls.capacity, name="capacity"),
    path("shifts/<int:pk>/code/", codes.code, name="code"),
    path("sign-ups/<int:pk>/roll/", rolls.roll, name="roll"),
    path("sign-ups/<int:pk>/off/", rolls.off, name="off"),
    path("sign-ups/<int:pk>/paper/", rolls.paper, name="paper"),
    path("sign-ups/<int:pk>/praise/", rolls.praise, name="praise"),
    path("tomorrow/", tomorrow.tomorrow, name="tomorrow"),
    path("hours/", checks.checks, name="checks"),
    path("hours/type/", checks.type_in, name="type_hours"),
    path("hours/<int:pk>/accept/", checks.accept, name="accept"),
    path("hours/<int:pk>/strike/", checks.strike, name="strike"),
    path("corrections/<int:pk>/", checks.answer, name="answer"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/export/", certificates.export_certificates, name="export_certificates"),
    path("certificates/<int:pk>/post/", certificates.post, name="post_certificate"),
    path("certificates/<int:pk>/end/", certificates.end, name="end_certificate"),
    path("seasons/", seasons.seasons, name="seasons"),
    path("exchange/", exchange.exchange, name="exchange"),
    path("imports/", exchange.imports, name="imports"),
    path("imports/template.xlsx", exchange.template, name="import_template"),
    path("imports/<int:recorded_by>/accept/", exchange.accept_import, name="accept_import"),
    path("figures/", figures.show, name="figures"),
]
