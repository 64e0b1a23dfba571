"""Activities with shifts, volunteers who sign up, and hours, in the first community."""

from datetime import date, datetime, timedelta
from io import BytesIO

from PIL import Image

from tests.factories import people
from tests.factories.cast import actor_of
from tests.factories.places import CENTRE, COMMUNITY, NOON, TODAY
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.actor import Actor
from wushe.lines.volunteering.announcing import add_shifts, open_activity, plan_activity
from wushe.lines.volunteering.attending import call_roll
from wushe.lines.volunteering.certifying import apply_for_certificate, post_certificate
from wushe.lines.volunteering.correcting import ask_correction
from wushe.lines.volunteering.counting import type_hours
from wushe.lines.volunteering.enrolling import call_attendance, enrol
from wushe.lines.volunteering.models import Activity, Attendee, HourRecord, Photo, Shift
from wushe.lines.volunteering.pictures import add_photo
from wushe.lines.volunteering.signing_up import sign_up
from wushe.lines.volunteering.swapping import ask_swap
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


def course(title: str = "老年大学书法班", *, seats: int = 2, **fields: object) -> Activity:
    """Return a course with a session today and one tomorrow, open for residents and without volunteers."""
    made = activity(title, kind="course", seats=seats, capacity=0, day=TODAY, start=730, end=775, **fields)  # type: ignore[arg-type]
    add_shifts(
        actor=actor_of("social_worker"), at=NOON, activity_id=made.pk, days=[TOMORROW], start=540, end=630, capacity=0,
        topic="横和竖", speaker="王老师",
    )  # fmt: skip
    return made


def attended(one: Activity, *, at: datetime = NOON + timedelta(hours=2)) -> Attendee:
    """Return 王奶奶's seat in a course after its first session, at which she was seen."""
    row = enrol(actor=actor_of("elder"), at=NOON, activity_id=one.pk)
    first = one.shifts.earliest("day")
    call_attendance(actor=actor_of("social_worker"), at=at, shift_id=first.pk, attendee_ids=[row.pk], walk_ins=3)
    return row


def one_of_each() -> dict[str, int | str]:
    """Return the key of one thing of each kind of volunteering, about 孙立 and somebody he could swap with."""
    desk, own = actor_of("social_worker"), actor_of("volunteer")
    later = datetime.combine(TODAY, datetime.min.time(), tzinfo=NOON.tzinfo) + timedelta(hours=6)
    draft = activity("春节送福", opened=False)
    one = activity("助餐点送餐", capacity=3)
    first = one.shifts.get()
    second = add_shifts(actor=desk, at=NOON, activity_id=one.pk, days=[TOMORROW], start=840, end=960, capacity=2)[0]
    neighbour, other = helper("钱大姐")
    mine = sign_up(actor=own, at=NOON, shift_id=first.pk)
    theirs = sign_up(actor=other, at=NOON, shift_id=second.pk)
    swap = ask_swap(actor=other, at=NOON, sign_up_id=theirs.pk, theirs_id=mine.pk)
    morning = TODAY - timedelta(days=3)
    begun = activity("整理图书室", day=TODAY, start=730, end=775)
    served = sign_up(actor=own, at=NOON, shift_id=begun.shifts.get().pk)
    call_roll(actor=desk, at=later, sign_up_id=served.pk, present=True)
    hours = HourRecord.objects.get(sign_up=served)
    held = type_hours(
        actor=actor_of("community_worker"), at=later, volunteer_id=neighbour.pk, title="陪老人聊天", day=morning,
        start=540, end=600, note="当天手机没电，网格员在场",
    )  # fmt: skip
    wish = ask_correction(actor=own, at=later, record_id=hours.pk, minutes=90, words="多服务了半小时，陈社工在场")
    given = apply_for_certificate(actor=own, at=later, since=TODAY, until=TODAY, purpose="评优")
    issuer = {"issuer": "翠屏路社区居民委员会", "in_charge": "李主任", "handler": "陈社工", "contact": "0826-2333333"}
    post_certificate(actor=desk, at=later, certificate_id=given.pk, **issuer)
    taught = course()
    seat = attended(taught)
    wanted = apply_for_certificate(actor=own, at=later, since=TODAY, until=TODAY, purpose="入党")
    return {
        "certificate": given.pk, "applied_certificate": wanted.pk,
        "activity": one.pk, "draft_activity": draft.pk, "shift": first.pk, "sign_up": mine.pk, "swap": swap.pk,
        "free_shift": activity("晚间巡逻", start=1140, end=1260).shifts.get().pk, "served_sign_up": served.pk,
        "course": taught.pk, "attendee": seat.pk, "session": taught.shifts.earliest("day").pk,
        "club": course("翠屏歌舞队").pk, "open_photo": a_photo(taught, minors=False).pk,
        "own_hours": hours.pk, "held_hours": held.pk, "correction": wish.pk, "activity_photo": a_photo(one).pk,
    }  # fmt: skip


def a_photo(one: Activity, *, minors: bool = True) -> Photo:
    """Return a photo of an activity."""
    kept = BytesIO()
    (Image.radial_gradient("L") if minors else Image.linear_gradient("L")).resize((320, 240)).convert("RGB").save(
        kept, "JPEG"
    )
    return add_photo(
        actor=actor_of("social_worker"),
        at=NOON,
        activity_id=one.pk,
        content=kept.getvalue(),
        minors=minors,
        caption="送餐",
    )
