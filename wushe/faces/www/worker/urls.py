"""The addresses of the worker journey."""

from django.urls import path

from . import collecting, devices, doors, pages, pieces, records

app_name = "worker"
urlpatterns = [
    path("", pages.today, name="home"),
    path("today/", pages.today, name="today"),
    path("week/", pages.week, name="week"),
    path("past/", pages.past, name="past"),
    path("hours/", pages.hours, name="hours"),
    path("me/", pages.me, name="me"),
    path("visit/<int:pk>/", pages.visit, name="visit"),
    path("visit/<int:pk>/door/", pages.door, name="door"),
    path("visit/<int:pk>/record/", records.record, name="record"),
    path("evidence/<int:pk>/", records.evidence, name="evidence"),
    path("doors/", doors.doors, name="doors"),
    path("doors/packet/", doors.packet, name="packet"),
    path("doors/<int:pk>/report/", doors.report, name="report"),
    path("doors/<int:pk>/photo/", doors.door_photo, name="door_photo"),
    path("collecting/", collecting.collecting, name="collecting"),
    path("collecting/close/", collecting.close, name="close_collecting"),
    path("devices/", devices.devices, name="devices"),
    path("devices/seen/", devices.device, name="device"),
    path("devices/<int:pk>/wipe/", devices.wipe_device, name="wipe_device"),
    path("pieces/<uuid:number>/", pieces.pieces, name="pieces"),
    path("outbox/", doors.outbox, name="outbox"),
    path("sw.js", records.service_worker, name="service_worker"),
    path("offline/", pages.offline, name="offline"),
]
