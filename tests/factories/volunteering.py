"""Activities with shifts, volunteers who sign up, and hours, in the first community."""

from datetime import date, datetime, timedelta

from tests.factories import people
from tests.factories.cast import actor_of
from tests.factories.places import CENTRE, COMMUNITY, NOON, TODAY
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.actor import Actor
from wushe.lines.volunteering.announcing import add_shifts, open_activity, plan_activity
from wushe.lines.volunteering.models import Activity, Shift
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker, WorkerKind

TOMORROW = TODAY + timedelta(days=1)


def activity(title: str = "助餐点送餐", *, opened: bool = True, day: date = TOMORROW, capacity: int = 2,
             start: int = 540, end: int = 660, at: datetime = NOON, **fields: object) -> Activity:  # fmt: skip
    """Return an activity with one shift, open for sign-up."""
    values: dict[str, object] = {
        "kind": "activity", "area_code": COMMUNITY, "words": "给不方便出门的老人送午饭", "place": "翠屏路社区助餐点",
        "in_charge": "陈社工", "longitude": CENTRE[0], "latitude": CENTRE[1], **fields,
    }  # fmt: skip
    desk = actor_of("social_worker")
    row = plan_activity(actor=desk, at=at, title=title, **values)  # type: ignore[arg-type]
    add_shifts(actor=desk, at=at, activity_id=row.pk, days=[day], start=start, end=end, capacity=capacity)
    if opened:
        open_activity(actor=desk, at=at, activity_id=row.pk)
    return Activity.objects.get(pk=row.pk)


def shift(**fields: object) -> Shift:
    """Return the shift of an activity made for it."""
    return activity(**fields).shifts.get()  # type: ignore[arg-type]


def helper(name: str = "李大姐", *, born_on: date = date(1964, 3, 8), area_code: str = COMMUNITY,
           **fields: object) -> tuple[Volunteer, Actor]:  # fmt: skip
    """Return a volunteer with an account, and who acts for it."""
    person = people.person(name, born_on=born_on, area_code=area_code)
    row = Volunteer.objects.create(
        number=f"V{person.pk:08d}", person=person, area_code=area_code, registered_on=date(2024, 3, 5), **fields
    )
    worker = Worker.objects.create(
        person=person, kind=WorkerKind.VOLUNTEER, number=f"H{person.pk:06d}", area_code=area_code,
        base_longitude=CENTRE[0], base_latitude=CENTRE[1], weekdays="1234567", starts_on=date(2024, 1, 1),
    )  # fmt: skip
    user = User.objects.create(username=f"helper{person.pk}", name=name, password="!")
    Grant.objects.create(
        user=user, role_code="volunteer", area_code=area_code, holder_id=worker.pk, valid_from=date(2020, 1, 1)
    )
    acting = actor_for(user=user, on=TODAY)
    assert acting is not None
    return row, acting
