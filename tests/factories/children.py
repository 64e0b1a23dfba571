"""A child's file and a report of danger, for tests."""

from datetime import date
from uuid import UUID, uuid4

from tests.factories import people
from tests.factories.cast import actor_of
from tests.factories.places import COMMUNITY, NOON
from wushe.practice.children import reporting, services
from wushe.practice.children.models import ChildRecord, DangerReport, Leave

BORN = date(2016, 5, 20)


def file(name: str = "张小雨") -> ChildRecord:
    """Return the file of a child of the first community."""
    people.person(name, born_on=BORN, area_code=COMMUNITY)
    return services.begin_record(
        actor=actor_of("social_worker"), at=NOON, name=name, born_on=BORN, group="left_behind", words="父母在外务工。"
    )


def asked(child: ChildRecord, *, who: str = "social_worker") -> Leave:
    """Return the wish to read a file."""
    return services.ask_leave(actor=actor_of(who), at=NOON, record_id=child.pk, reason="月度走访前了解情况")


def granted(child: ChildRecord, *, hours: int = 2) -> Leave:
    """Return leave to read a file from noon on."""
    leave = asked(child)
    return services.grant_leave(actor=actor_of("street_manager"), at=NOON, leave_id=leave.pk, hours=hours)


def report(*, who: str = "community_worker", key: UUID | None = None, words: str = "孩子手臂上有烫伤") -> DangerReport:
    """Return a report of danger."""
    return reporting.report_danger(
        actor=actor_of(who), at=NOON, key=key or uuid4(), sign="hurt", words=words, told=["police"]
    )


def one_of_each() -> dict[str, int | str]:
    """Return the keys of a file, a wish to read it, and a report."""
    child = file()
    return {"child_record": child.pk, "leave": asked(child).pk, "danger": report().pk}
