"""Double check-in: asked, confirmed by the community, wishes and shifts taken on, counted without mixing figures."""

from datetime import date, timedelta

import pytest

from tests.factories import check_in, people, volunteering, wishes
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, STREET, TODAY
from tests.factories.visits import photo
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.governance.check_in.bulletin import Quarter, bulletin, units_in
from wushe.governance.check_in.models import CheckIn, CheckInState, Undertaking
from wushe.governance.check_in.selectors import own_check_ins
from wushe.governance.check_in.services import (
    CheckedIn,
    check_in_member,
    check_in_oneself,
    check_in_own_unit,
    check_in_unit,
    confirm_check_in,
    decline_check_in,
    end_check_in,
    update_check_in,
)
from wushe.governance.check_in.undertaking import NotStanding, NoVolunteerNumber, undertake_shift, undertake_wish
from wushe.lines.volunteering.figures import Figures
from wushe.lines.volunteering.models import HourRecord
from wushe.lines.wishes.claiming import add_photo, realise_wish
from wushe.lines.wishes.models import WishState
from wushe.lines.wishes.services import confirm_wish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THIS = Quarter.of(TODAY)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def again(row: CheckIn) -> CheckIn:
    return CheckIn.objects.get(pk=row.pk)


def worked(w: World, day: date, minutes: int, *, area_code: str = COMMUNITY, title: str = "楼道清洁") -> HourRecord:
    """Insert hours that count."""
    start = NOON + (day - TODAY)
    return HourRecord.objects.create(
        volunteer=w.volunteer, area_code=area_code, state="counted", origin="qr", title=title, day=day, started_at=start,
        ended_at=start + timedelta(minutes=minutes), minutes=minutes, recorded_by=1,
    )  # fmt: skip


def test_a_unit_is_registered_once_and_counts_from_the_communitys_word() -> None:
    row = check_in.unit()
    assert (row.state, row.confirmed_on, row.contact_phone.reveal()) == (CheckInState.ASKED, None, "13900001234")
    with pytest.raises(CheckedIn):
        check_in.unit()
    check_in.unit(area_code=NEXT_COMMUNITY)
    assert bulletin(actor=actor_of("social_worker"), quarter=THIS) == []
    check_in.standing(row)
    assert (again(row).state, again(row).confirmed_on, again(row).owner_name) == ("standing", TODAY, "陈社工")
    with pytest.raises(MoveNotAllowed):
        check_in.standing(again(row))
    kinds = JournalEntry.objects.filter(subject_kind="checkin", subject_id=row.pk).values_list("kind", flat=True)
    assert sorted(kinds) == ["check_in.ask", "check_in.confirm"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("area_code", STREET), ("area_code", OTHER_COMMUNITY), ("area_code", ""), ("name", "电"), ("name", "长" * 61),
     ("branch", "长" * 61), ("headcount", -1), ("contact_phone", "12"), ("offers", "长" * 201), ("contact_name", "长" * 41)],
)  # fmt: skip
def test_what_a_unit_tells_is_checked(field: str, value: object) -> None:
    told = {"area_code": COMMUNITY, "name": "城南供电所", field: value}
    with pytest.raises(Invalid) as refusal:
        check_in_unit(actor=actor_of("social_worker"), at=NOON, **told)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
    assert not CheckIn.objects.exists()


def test_a_person_registers_where_they_live(here: World) -> None:
    row = check_in.member(here.elder)
    assert (row.area_code, row.kind) == (COMMUNITY, "member")
    with pytest.raises(CheckedIn):
        check_in.member(here.elder)
    elsewhere = check_in.unit(area_code=NEXT_COMMUNITY)
    update_check_in(actor=actor_of("social_worker"), at=NOON, check_in_id=row.pk, changes={"unit_id": elsewhere.pk})
    assert again(row).unit == elsewhere
    for fault, field in (
        ({"standing": "x"}, "standing"),
        ({"unit_id": row.pk}, "unit_id"),
        ({"unit_id": 0}, "unit_id"),
    ):
        asked = {"person_id": people.person("李四").pk, "standing": "staff", **fault}
        with pytest.raises(Invalid) as refusal:
            check_in_member(actor=actor_of("social_worker"), at=NOON, **asked)  # type: ignore[arg-type]
        assert list(refusal.value.fields) == [field]
    with pytest.raises(NotFound):
        check_in_member(actor=actor_of("social_worker"), at=NOON, person_id=here.far_elder.pk, standing="party")
    assert CheckIn.objects.count() == 2


def test_a_volunteer_and_an_organisation_register_themselves(here: World) -> None:
    mine = check_in_oneself(actor=actor_of("volunteer"), at=NOON, standing="party", client_key="k1")
    assert check_in_oneself(actor=actor_of("volunteer"), at=NOON, standing="party", client_key="k1").pk == mine.pk
    assert mine.person == here.volunteer.person
    ours = check_in_own_unit(actor=actor_of("organisation_a"), at=NOON, area_code=NEXT_COMMUNITY, headcount=5)
    assert (ours.name, ours.organisation) == (here.organisation.name, here.organisation)
    with pytest.raises(Invalid):
        check_in_own_unit(actor=actor_of("organisation_a"), at=NOON, area_code="110101001001")
    assert list(own_check_ins(actor=actor_of("volunteer"))) == [mine]
    assert list(own_check_ins(actor=actor_of("organisation_a"))) == [ours]
    assert list(own_check_ins(actor=actor_of("organisation_b"))) == []
    for act in (confirm_check_in, end_check_in):
        with pytest.raises(NotAllowed):
            act(
                actor=actor_of("volunteer"),
                at=NOON,
                check_in_id=mine.pk,
                **({} if act is confirm_check_in else {"reason": "x"}),
            )
    with pytest.raises(NotFound):
        confirm_check_in(actor=actor_of("stranger"), at=NOON, check_in_id=mine.pk)
    assert again(mine).state == CheckInState.ASKED


def test_declined_and_ended_with_a_reason_and_open_again() -> None:
    worker, row = actor_of("social_worker"), check_in.unit()
    with pytest.raises(Invalid):
        decline_check_in(actor=worker, at=NOON, check_in_id=row.pk, reason=" ")
    decline_check_in(actor=worker, at=NOON, check_in_id=row.pk, reason="不在本社区")
    assert (again(row).state, again(row).outcome) == (CheckInState.DECLINED, "不在本社区")
    second = check_in.standing(check_in.unit())
    end_check_in(actor=worker, at=NOON + DAY, check_in_id=second.pk, reason="单位搬走")
    assert (again(second).state, again(second).ended_on) == (CheckInState.ENDED, TODAY + DAY)
    check_in.unit()
    assert CheckIn.objects.count() == 3


def test_wishes_and_shifts_are_taken_on_by_who_is_registered(here: World) -> None:
    worker, wish = actor_of("social_worker"), wishes.published(here.elder)
    unit, person = check_in.unit(), check_in.member(here.volunteer.person)
    with pytest.raises(NotStanding):
        undertake_wish(actor=worker, at=NOON, check_in_id=unit.pk, wish_id=wish.pk)
    check_in.standing(unit)
    check_in.standing(person)
    far = wishes.published(people.person("李远", area_code=NEXT_COMMUNITY), "一盆花")
    with pytest.raises(Invalid):
        undertake_wish(actor=worker, at=NOON, check_in_id=unit.pk, wish_id=far.pk)
    made = undertake_wish(actor=worker, at=NOON, check_in_id=unit.pk, wish_id=wish.pk)
    made.claim.refresh_from_db()
    assert (made.claim.kind, made.claim.name, made.claim.phone.reveal()) == ("unit", "城南供电所", "13900001234")
    with pytest.raises(Invalid):
        undertake_wish(actor=worker, at=NOON, check_in_id=person.pk, wish_id=wish.pk)
    assert Undertaking.objects.count() == 1
    shift = volunteering.shift()
    with pytest.raises(NoVolunteerNumber):
        undertake_shift(actor=worker, at=NOON, check_in_id=unit.pk, shift_id=shift.pk)
    taken = undertake_shift(actor=worker, at=NOON, check_in_id=person.pk, shift_id=shift.pk)
    assert (taken.volunteer, taken.state) == (here.volunteer, "taken")
    with pytest.raises(Invalid):
        undertake_shift(actor=worker, at=NOON, check_in_id=person.pk, shift_id=0)


def test_the_bulletin_keeps_persons_person_times_and_hours_apart(here: World) -> None:
    worker = actor_of("social_worker")
    unit = check_in.standing(check_in.unit())
    person = check_in.standing(check_in.member(here.volunteer.person, unit=unit))
    kept, open_one = wishes.published(here.elder), wishes.published(people.person("刘桂香"), "一双棉鞋")
    claim = undertake_wish(actor=worker, at=NOON, check_in_id=unit.pk, wish_id=kept.pk).claim
    undertake_wish(actor=worker, at=NOON, check_in_id=person.pk, wish_id=open_one.pk)
    add_photo(actor=worker, at=NOON, claim_id=claim.pk, content=photo())
    realise_wish(actor=worker, at=NOON, claim_id=claim.pk, note="送到家", receipt="小票1")
    assert confirm_wish(actor=worker, at=NOON, wish_id=kept.pk, satisfied=True).state == WishState.CONFIRMED
    worked(here, TODAY, 60)
    worked(here, TODAY + DAY, 45)
    worked(here, TODAY - DAY, 600)  # before the community's word
    worked(here, TODAY + DAY, 500, area_code=NEXT_COMMUNITY)  # elsewhere
    worked(here, THIS.next.first, 300)  # in the next quarter
    (row,) = bulletin(actor=worker, quarter=THIS)
    assert (row.key, row.units, row.members, row.claims, row.realised) == (COMMUNITY, 1, 1, 2, 1)
    assert row.given == Figures(persons=1, person_times=2, minutes=105)
    (of_unit,) = units_in(actor=worker, quarter=THIS, area_code=COMMUNITY)
    assert (of_unit.key, of_unit.members, of_unit.claims, of_unit.realised) == ("城南供电所", 1, 2, 1)
    assert of_unit.given == row.given
    end_check_in(actor=worker, at=NOON + 2 * DAY, check_in_id=person.pk, reason="搬走")
    (after,) = bulletin(actor=worker, quarter=THIS)
    assert after.given == row.given
    (later,) = bulletin(actor=worker, quarter=THIS.next)
    assert (later.units, later.members, later.claims, later.given) == (1, 0, 0, Figures(0, 0, 0))
    assert bulletin(actor=worker, quarter=THIS.previous) == []
    assert bulletin(actor=actor_of("stranger"), quarter=THIS) == []


def test_a_quarter_has_its_days() -> None:
    assert [(q.first, q.last) for q in (Quarter(2026, 1), Quarter(2026, 4))] == [
        (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 10, 1), date(2026, 12, 31))
    ]  # fmt: skip
    assert (Quarter(2026, 4).next, Quarter(2026, 1).previous, str(THIS)) == (
        Quarter(2027, 1),
        Quarter(2025, 4),
        "2026-3",
    )


def test_the_pages(here: World) -> None:
    unit = check_in.standing(check_in.unit())
    worker, phone = client_of("social_worker"), client_of("volunteer")
    shown = worker.get(f"/check-in/bulletin/?quarter={THIS}").content.decode()
    assert f"/check-in/bulletin/{COMMUNITY}/?quarter={THIS}" in shown
    assert "城南供电所" in worker.get(f"/check-in/bulletin/{COMMUNITY}/?quarter={THIS}").content.decode()
    assert worker.get(f"/check-in/bulletin/{OTHER_COMMUNITY}/").status_code == 404
    filed = worker.post("/check-in/bulletin/export/", {"quarter": str(THIS), "format": "csv"}).content.decode(
        "utf-8-sig"
    )
    assert filed.splitlines()[1].endswith("2026年第3季度,1,0,0,0,0,0,0.0")
    assert phone.post("/check-in/own/", {"standing": "staff", "unit_id": unit.pk}).status_code == 302
    assert "待社区确认" in phone.get("/check-in/own/").content.decode()
    again = phone.post("/check-in/own/", {"standing": "party", "offers": "修家电"})
    assert (again.status_code, "修家电" in again.content.decode()) == (422, True)
    seat = client_of("organisation_a")
    assert seat.post("/check-in/unit/", {"area_code": COMMUNITY}).status_code == 302
    assert seat.post("/check-in/unit/", {"area_code": "x"}).status_code == 422
    act = f"/registers/check_in_units/{CheckIn.objects.get(organisation=here.organisation).pk}/confirm/"
    assert worker.post(act).status_code == 302
    assert CheckIn.objects.filter(state="standing").count() == 2
