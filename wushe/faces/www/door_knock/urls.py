"""The addresses of the door-knock."""

from django.urls import path

from . import campaigns, definitions, lists, targets

app_name = "door_knock"
urlpatterns = [
    path("", campaigns.campaigns, name="campaigns"),
    path("export/", campaigns.export_campaigns, name="export_campaigns"),
    path("new/", campaigns.new_campaign, name="new_campaign"),
    path("<int:pk>/", campaigns.campaign, name="campaign"),
    path("<int:pk>/share/", campaigns.share, name="share"),
    path("<int:pk>/close/", campaigns.close, name="close"),
    path("<int:pk>/cancel/", campaigns.cancel, name="cancel"),
    path("<int:pk>/doors/", campaigns.doors, name="doors"),
    path("<int:pk>/doors/export/", campaigns.export_doors, name="export_doors"),
    path("<int:pk>/proposals/", campaigns.proposals, name="proposals"),
    path("proposals/<int:pk>/", campaigns.settle_proposal, name="settle_proposal"),
    path("doors/<int:pk>/", targets.target, name="target"),
    path("doors/<int:pk>/answers/", targets.answers, name="answers"),
    path("doors/<int:pk>/settle/", targets.settle, name="settle"),
    path("doors/<int:pk>/reason/", targets.reason, name="reason"),
    path("photos/<int:pk>/", targets.photo, name="photo"),
    path("lists/", lists.lists, name="lists"),
    path("lists/export/", lists.export_lists, name="export_lists"),
    path("lists/project/", lists.project, name="project"),
    path("lists/<int:pk>/", lists.line, name="line"),
    path("lists/<int:pk>/agree/", lists.agree, name="agree"),
    path("lists/<int:pk>/finish/", lists.finish, name="finish"),
    path("lists/<int:pk>/drop/", lists.drop, name="drop"),
    path("lists/<int:pk>/reopen/", lists.reopen, name="reopen"),
    path("forms/", definitions.forms, name="forms"),
    path("forms/new/", definitions.new_form, name="new_form"),
    path("forms/upload/", definitions.upload_form, name="upload_form"),
    path("forms/<int:pk>/", definitions.form, name="form"),
    path("forms/<int:pk>/edit/", definitions.edit_form, name="edit_form"),
    path("forms/<int:pk>/publish/", definitions.publish_form, name="publish_form"),
    path("forms/<int:pk>/version/", definitions.begin_version, name="begin_version"),
    path("forms/<int:pk>/end/", definitions.end_form, name="end_form"),
]
