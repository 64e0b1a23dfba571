"""The addresses of the community journey."""

from django.urls import URLPattern, path

from .views import cancellations, home, linking, needs, people, people_edit, projects, recording, resources, triage

app_name = "community"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("needs/", needs.needs, name="needs"),
    path("needs/export/", needs.export_needs, name="export_needs"),
    path("needs/new/", recording.find_resident, name="find_resident"),
    path("needs/new/suggestions/", recording.suggestions, name="suggestions"),
    path("needs/new/<int:person_id>/", recording.record, name="record_need"),
    path("needs/<int:need_id>/", needs.need, name="need"),
    path("needs/<int:need_id>/triage/", triage.triage, name="triage"),
    path("needs/<int:need_id>/refer/", triage.refer, name="refer"),
    path("needs/<int:need_id>/close/", triage.close, name="close"),
    path("needs/<int:need_id>/reopen/", triage.reopen, name="reopen"),
    path("needs/<int:need_id>/link/", linking.link, name="link"),
    path("needs/<int:need_id>/order/", linking.order, name="place_order"),
    path("orders/<int:order_id>/send/", linking.send, name="send_order"),
    path("orders/cancellations/", cancellations.cancellations, name="cancellations"),
    path("orders/cancellations/<int:request_id>/grant/", cancellations.grant, name="grant_cancel"),
    path("orders/cancellations/<int:request_id>/keep/", cancellations.keep, name="keep_order"),
    path("people/", people.people, name="people"),
    path("people/export/", people.export_people, name="export_people"),
    path("people/new/", people_edit.new_person, name="new_person"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/edit/", people_edit.edit_person, name="edit_person"),
    path("people/<int:person_id>/reveal/", people.reveal_field, name="reveal"),
    path("people/<int:person_id>/tags/", people.add_tag, name="add_tag"),
    path("people/<int:person_id>/tags/<int:tag_id>/end/", people.remove_tag, name="end_tag"),
    path("people/<int:person_id>/relatives/", people_edit.add_relative, name="add_relative"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new_project, name="new_project"),
    path("projects/<int:project_id>/", projects.project, name="project"),
    path("projects/<int:project_id>/fund/", projects.fund, name="fund_project"),
    path("projects/<int:project_id>/carrier/", projects.set_carrier, name="choose_carrier"),
    path("projects/<int:project_id>/approve/", projects.approve, name="approve_project"),
    path("projects/<int:project_id>/return/", projects.send_back, name="return_project"),
    path("projects/<int:project_id>/start/", projects.start, name="start_project"),
    path("projects/<int:project_id>/close/", projects.close, name="close_project"),
    path("resources/", resources.resources, name="resources"),
    path("resources/new/", resources.new_resource, name="new_resource"),
]
