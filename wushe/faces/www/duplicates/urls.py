"""The addresses of the tickets for records that may be one person."""

from django.urls import path

from . import acts, tickets

app_name = "duplicates"
urlpatterns = [
    path("", tickets.tickets_page, name="duplicates"),
    path("export/", tickets.export_tickets, name="export"),
    path("<int:ticket_id>/", tickets.ticket_page, name="ticket"),
    path("<int:ticket_id>/merge/", acts.merge, name="merge"),
    path("<int:ticket_id>/unmerge/", acts.unmerge, name="unmerge"),
    path("<int:ticket_id>/apart/", acts.apart, name="apart"),
    path("<int:ticket_id>/ask/", acts.ask, name="ask"),
    path("<int:ticket_id>/answer/", acts.answer, name="answer"),
    path("<int:ticket_id>/reopen/", acts.reopen, name="reopen"),
]
