"""What a project changed for people: each is measured before and after with the same measure, not only counted."""

from django.db import models
from django.db.models import F, Q

from wushe.foundation.scope import Scope
from wushe.registers.people.models import Person

from .projects import Project


class OutcomeMeasure(models.Model):
    """A scale on which each person is measured twice."""

    SCOPE = Scope(area="project", organisation="project__carrier_id")

    project = models.ForeignKey(Project, models.PROTECT, related_name="measures")
    title = models.CharField("量什么", max_length=60)
    lowest = models.IntegerField("最低分")
    highest = models.IntegerField("最高分")
    more_is_better = models.BooleanField("分数越高越好", default=True)

    class Meta:
        db_table = "projects_outcome_measure"
        constraints = [
            models.UniqueConstraint(fields=["project", "title"], name="projects_measure_once"),
            models.CheckConstraint(condition=Q(highest__gt=F("lowest")), name="projects_measure_range"),
        ]

    def __str__(self) -> str:
        return self.title


class OutcomeReading(models.Model):
    """One person on one measure, before the service and after it."""

    SCOPE = Scope(area="measure__project", organisation="measure__project__carrier_id")

    measure = models.ForeignKey(OutcomeMeasure, models.PROTECT, related_name="readings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="outcome_readings")
    before = models.IntegerField("服务前")
    before_on = models.DateField("服务前测量日期")
    after = models.IntegerField("服务后", null=True, blank=True)
    after_on = models.DateField("服务后测量日期", null=True, blank=True)

    class Meta:
        db_table = "projects_outcome_reading"
        constraints = [
            models.UniqueConstraint(fields=["measure", "person"], name="projects_reading_once"),
            models.CheckConstraint(
                condition=Q(after__isnull=True, after_on__isnull=True)
                | Q(after__isnull=False, after_on__gte=F("before_on")),
                name="projects_after_follows_before",
            ),
        ]
