"""Residents who take part: enrolled for an activity or waiting, and at which of its sessions they were seen."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Scope
from wushe.lines.volunteering.states import AttendeeState
from wushe.registers.people.models import Person

from .activities import Activity, Shift


class Attendee(models.Model):
    """A resident in a course, club, lecture or other activity: a seat for all of its sessions, or a turn in the line."""

    SCOPE = Scope(area="activity", holders={"resident": lambda pk: Q(person=pk)})

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="attendees")
    person = models.ForeignKey(Person, models.PROTECT, related_name="activities_attended")
    state = models.CharField("状态", max_length=10, choices=AttendeeState.choices, default=AttendeeState.QUEUED)
    turn = models.IntegerField("候补序号")
    enrolled_at = models.DateTimeField("报名时间")
    by_desk = models.BooleanField("由工作人员代报", default=False)
    score = models.IntegerField("满意度（1-5）", null=True, blank=True)
    comment = models.CharField("意见", max_length=200, blank=True, default="")

    class Meta:
        db_table = "volunteering_attendee"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"], condition=~Q(state="left"), name="volunteering_attendee_once"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="volunteering_attendee_score"
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "state", "turn"], name="volunteering_attendee_line"),
            models.Index(fields=["person", "state"], name="volunteering_attendee_mine"),
        ]


class Presence(models.Model):
    """One resident at one session: a person-time. Who never came to any is no person reached."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="presences")
    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="presences")
    noted_at = models.DateTimeField("点名时间")
    noted_by = models.BigIntegerField("点名账号")

    class Meta:
        db_table = "volunteering_presence"
        constraints = [models.UniqueConstraint(fields=["shift", "attendee"], name="volunteering_presence_once")]
