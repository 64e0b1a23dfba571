"""Working days: the State Council's arrangement of 2026 by exact dates, a region's own days, and the page to keep them."""

import json
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from tests.factories.cast import actor_of, client_of, world
from tests.factories.places import COMMUNITY, DATA, DISTRICT, NOON, OTHER_STREET, STREET
from wushe.chain.needs.deadlines import due_after
from wushe.chain.orders.deadlines import leg_due
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.services import set_preset
from wushe.foundation.workdays.models import SpecialDay
from wushe.foundation.workdays.selectors import working_days
from wushe.foundation.workdays.services import clear_special_day, load_special_days, set_special_day

pytestmark = pytest.mark.django_db
ELSEWHERE = "110101"


@pytest.fixture(autouse=True)
def published() -> None:
    world()
    days = json.loads((DATA / "presets/holidays.json").read_text(encoding="utf-8"))
    sources = {year: row["source"] for year, row in days["years"].items()}
    load_special_days(actor=SYSTEM, at=NOON, rows=days["days"], sources=sources)


def clock(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=get_current_timezone())


def noon(month: int, day: int) -> datetime:
    return clock(month, day, 12)


def end(month: int, day: int) -> datetime:
    return clock(month, day, 23, 59)


def due(recorded_at: datetime, urgency: str, *, area: str = COMMUNITY) -> datetime:
    return due_after(recorded_at, urgency=urgency, area_code=area, on=recorded_at.date())


def by_working_days(key: str, value: int) -> None:
    set_preset(
        actor=actor_of("district_manager"), at=NOON, key=key, region=DISTRICT, value=value, unit="working_days",
        effective_from=date(2026, 1, 2), source="广民发〔2026〕1号",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "worked"),
    [((2, 13), True), ((2, 14), True), ((2, 15), False), ((2, 16), False), ((2, 23), False), ((2, 24), True),
     ((2, 28), True), ((3, 1), False), ((9, 20), True), ((9, 25), False), ((10, 8), True), ((10, 10), True),
     ((10, 11), False), ((1, 4), True), ((11, 21), False), ((11, 23), True)],
)  # fmt: skip
def test_which_days_of_2026_are_worked(day: tuple[int, int], worked: bool) -> None:
    there = working_days(area_code=COMMUNITY, since=date(2026, 1, 1))
    assert there.worked(date(2026, *day)) is worked


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [((2, 13), 1, (2, 14)), ((2, 13), 2, (2, 24)), ((2, 13), 5, (2, 27)), ((2, 13), 6, (2, 28)), ((2, 13), 7, (3, 2)),
     ((2, 17), 1, (2, 24)), ((9, 18), 1, (9, 20)), ((9, 30), 1, (10, 8)), ((9, 30), 3, (10, 10)), ((9, 30), 4, (10, 12))],
)  # fmt: skip
def test_working_days_are_counted_over_spring_festival_and_national_day(
    start: tuple[int, int], count: int, last: tuple[int, int]
) -> None:
    there = working_days(area_code=COMMUNITY, since=date(2026, 1, 1))
    assert there.after(date(2026, *start), count) == date(2026, *last)


def test_a_week_that_ends_in_the_festival_ends_after_it() -> None:
    """民法典第二百零三条; what ends on a weekend that is worked stays."""
    assert due(noon(2, 12), "week") == end(2, 24)
    assert due(noon(2, 14), "week") == end(2, 24)
    assert due(noon(2, 21), "week") == noon(2, 28)
    assert due(noon(2, 22), "week") == end(3, 2)
    assert due(noon(2, 17), "week") == noon(2, 24)
    assert due(noon(2, 2), "fortnight") == end(2, 24)


def test_what_is_urgent_does_not_wait_for_the_festival() -> None:
    assert due(noon(2, 17), "now") == clock(2, 17, 14)
    assert due(noon(2, 16), "day") == noon(2, 17)


def test_a_tier_in_working_days_counts_them_alone() -> None:
    by_working_days("needs.deadline.week", 5)
    assert due(noon(2, 13), "week") == end(2, 27)
    assert due(noon(11, 20), "week") == end(11, 27)
    assert due(noon(2, 12), "week", area=ELSEWHERE) == end(2, 24), "elsewhere the week is still one of the calendar"


def test_the_legs_of_an_order_run_by_the_clock_unless_the_region_says_working_days() -> None:
    friday = noon(2, 13)
    leg = {"urgency": "week", "area_code": COMMUNITY}
    assert leg_due(leg="accept", at=friday, **leg) == clock(2, 13, 14)
    by_working_days("orders.leg.accept", 1)
    by_working_days("orders.leg.assign", 2)
    assert leg_due(leg="accept", at=friday, **leg) == end(2, 14)
    assert leg_due(leg="assign", at=friday, **leg) == end(2, 24)
    emergency = leg_due(leg="accept", urgency="now", area_code=COMMUNITY, at=friday)
    assert emergency == clock(2, 13, 12, 20)


def test_only_periods_change_their_unit() -> None:
    with pytest.raises(Invalid) as refusal:
        by_working_days("visits.geofence.radius", 5)
    assert list(refusal.value.fields) == ["unit"]


def test_a_region_has_days_of_its_own() -> None:
    set_special_day(
        actor=actor_of("district_manager"), at=NOON, region=DISTRICT, day=date(2026, 2, 24), kind="holiday",
        name="本地民俗日", source="广安区公告",
    )  # fmt: skip
    assert due(noon(2, 12), "week") == end(2, 25)
    assert due(noon(2, 12), "week", area=ELSEWHERE) == end(2, 24)
    own = SpecialDay.objects.get(region=DISTRICT)
    clear_special_day(actor=actor_of("district_manager"), at=NOON, special_day_id=own.pk)
    assert due(noon(2, 12), "week") == end(2, 24)
    kinds = JournalEntry.objects.filter(kind__startswith="workdays").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["workdays.set", "workdays.clear"]


def test_who_may_not_change_a_day() -> None:
    said = {"at": NOON, "day": date(2026, 2, 24), "kind": "holiday", "name": "民俗日", "source": "公告"}
    with pytest.raises(NotAllowed):
        set_special_day(actor=actor_of("dispatcher"), region=DISTRICT, **said)
    street = Actor(user_id=5, name="街道", role_code="street_manager", area_code=STREET)
    for region in (OTHER_STREET, DISTRICT, ""):
        with pytest.raises(NotAllowed):
            set_special_day(actor=street, region=region, **said)
    whole_country = SpecialDay.objects.filter(region="").first()
    assert whole_country is not None
    with pytest.raises(NotAllowed):
        clear_special_day(actor=street, at=NOON, special_day_id=whole_country.pk)
    far = SpecialDay.objects.create(region=OTHER_STREET, day=date(2026, 3, 3), kind="holiday", name="日", source="公告")
    with pytest.raises(NotFound):
        clear_special_day(actor=street, at=NOON, special_day_id=far.pk)
    assert not JournalEntry.objects.filter(kind__startswith="workdays").exists()


def test_loading_again_changes_nothing() -> None:
    before = SpecialDay.objects.count()
    rows = [{"date": "2026-02-17", "kind": "workday", "name": "改错"}]
    assert load_special_days(actor=SYSTEM, at=NOON, rows=rows, sources={"2026": "x"}) == 0
    assert SpecialDay.objects.count() == before
    assert SpecialDay.objects.get(day=date(2026, 2, 17)).kind == "holiday"


def test_the_page_shows_the_year_and_takes_a_day_of_the_district() -> None:
    client, page = client_of("district_manager"), reverse("district:holidays")
    shown = client.get(f"{page}?year=2026").content.decode()
    assert "2月14日 周六" in shown
    assert "国办发明电〔2025〕7号" in shown
    bad = client.post(page, {"day": "2026-02-30", "kind": "holiday", "name": "民俗日", "source": ""})
    assert bad.status_code == 422
    assert "民俗日" in bad.content.decode()
    good = {"day": "2026-03-03", "kind": "holiday", "name": "元宵民俗日", "source": "广安区公告"}
    assert client.post(page, good).url == f"{page}?year=2026"
    own = SpecialDay.objects.get(region=DISTRICT)
    assert (own.day, own.name) == (date(2026, 3, 3), "元宵民俗日")
    assert "元宵民俗日" in client.get(f"{page}?year=2026").content.decode()
    assert client.post(reverse("district:clear_holiday", args=[own.pk])).status_code == 302
    assert not SpecialDay.objects.filter(region=DISTRICT).exists()
    assert client_of("auditor").post(page, good).status_code == 403
