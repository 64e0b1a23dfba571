"""Sign-up: places, the waiting list and its order, who may not, and what becomes of a place given up."""

from datetime import date, timedelta

import pytest

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, OTHER_COMMUNITY, TODAY
from tests.factories.showcase import acting
from tests.factories.visits import planned
from tests.factories.volunteering import TOMORROW, activity, helper, shift
from wushe.foundation.access.models import User
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.lines.volunteering.announcing import add_shifts, cancel_activity, change_capacity
from wushe.lines.volunteering.fitness import NotFit, NotOpen, Overlaps
from wushe.lines.volunteering.models import Agreement, Message, Shift, SignUp
from wushe.lines.volunteering.own import NoVolunteer
from wushe.lines.volunteering.signing_up import (
    AgreementAsked,
    AlreadySignedUp,
    TooLate,
    place_volunteer,
    sign_up,
    withdraw,
)
from wushe.lines.volunteering.swapping import CannotSwap, answer_swap, ask_swap
from wushe.registers.volunteers.models import VolunteerSkill
from wushe.registers.workforce.models import Skill, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def states(row: Shift) -> list[tuple[str, str, int]]:
    """Return who stands how in a shift, in the order of the turns."""
    found = row.sign_ups.order_by("turn").values_list("volunteer__person__name", "state", "turn")
    return [tuple(one) for one in found]  # type: ignore[misc]


def test_places_first_then_an_ordered_waiting_list() -> None:
    row = shift(capacity=2)
    for name in ("甲一", "乙二", "丙三", "丁四"):
        sign_up(actor=helper(name)[1], at=NOON, shift_id=row.pk)
    row.refresh_from_db()
    assert states(row) == [
        ("甲一", "taken", 1), ("乙二", "taken", 2), ("丙三", "queued", 3), ("丁四", "queued", 4),
    ]  # fmt: skip
    assert (row.taken, row.turns) == (2, 4)
    assert JournalEntry.objects.filter(kind="sign_up.take").count() == 2


def test_who_leaves_makes_room_for_the_next_who_is_told() -> None:
    row = shift(capacity=1)
    rows = [sign_up(actor=actor, at=NOON, shift_id=row.pk) for _, actor in map(helper, ("甲一", "乙二", "丙三"))]
    first = SignUp.objects.select_related("volunteer").get(pk=rows[0].pk)
    withdraw(actor=acting_for(first), at=NOON, sign_up_id=first.pk)
    row.refresh_from_db()
    assert states(row) == [("甲一", "withdrawn", 1), ("乙二", "taken", 2), ("丙三", "queued", 3)]
    assert row.taken == 1
    told = Message.objects.get()
    assert (told.volunteer_id, told.kind, told.words) == (rows[1].volunteer_id, "moved_up", "9月15日 09:00")


def test_the_last_to_leave_frees_the_place() -> None:
    row = shift(capacity=1)
    _, actor = helper()
    mine = sign_up(actor=actor, at=NOON, shift_id=row.pk)
    withdraw(actor=actor, at=NOON, sign_up_id=mine.pk)
    row.refresh_from_db()
    assert row.taken == 0
    again = sign_up(actor=actor, at=NOON, shift_id=row.pk)
    assert (again.state, again.turn) == ("taken", 2)


def test_who_cannot_come_any_more_is_passed_over() -> None:
    row = shift(capacity=1, danger=True)
    insured = {"insured_until": TODAY + timedelta(days=30)}
    (_, first), (second, second_actor), (_, third) = (helper(n, **insured) for n in ("甲一", "乙二", "丙三"))
    rows = [sign_up(actor=one, at=NOON, shift_id=row.pk, agree=True) for one in (first, second_actor, third)]
    type(second).objects.filter(pk=second.pk).update(insured_until=TODAY)
    withdraw(actor=first, at=NOON, sign_up_id=rows[0].pk)
    assert [state for _, state, _ in states(row)] == ["withdrawn", "queued", "taken"]


def test_more_places_let_those_who_wait_move_up() -> None:
    row = shift(capacity=1)
    for name in ("甲一", "乙二", "丙三"):
        sign_up(actor=helper(name)[1], at=NOON, shift_id=row.pk)
    changed = change_capacity(actor=actor_of("social_worker"), at=NOON, shift_id=row.pk, capacity=2)
    changed.refresh_from_db()
    assert [state for _, state, _ in states(row)] == ["taken", "taken", "queued"]
    assert (changed.capacity, changed.taken) == (2, 2)


def refused(kind: type[Exception], **asked: object) -> str:
    """Sign up, be refused, and see that nothing was written."""
    before = (SignUp.objects.count(), JournalEntry.objects.count(), Message.objects.count(), Agreement.objects.count())
    with pytest.raises(kind) as refusal:
        sign_up(at=NOON, **asked)  # type: ignore[arg-type]
    after = (SignUp.objects.count(), JournalEntry.objects.count(), Message.objects.count(), Agreement.objects.count())
    assert after == before
    return refusal.value.message  # type: ignore[attr-defined,no-any-return]


def test_the_same_shift_twice() -> None:
    row, (_, actor) = shift(), helper()
    sign_up(actor=actor, at=NOON, shift_id=row.pk)
    refused(AlreadySignedUp, actor=actor, shift_id=row.pk)


def test_two_shifts_at_one_time() -> None:
    first, second, (_, actor) = shift(), shift(title="陪老人散步", start=600, end=700), helper()
    sign_up(actor=actor, at=NOON, shift_id=first.pk)
    refused(Overlaps, actor=actor, shift_id=second.pk)
    touching = shift(title="整理图书", start=660, end=700)
    assert sign_up(actor=actor, at=NOON, shift_id=touching.pk).state == "taken"


def test_a_visit_of_the_chain_at_that_time(here: World) -> None:
    helping = actor_of("volunteer")
    worker = Worker.objects.get(pk=helping.holder_id)
    planned(here.elder, worker, organisation=here.organisation, day=TOMORROW, start=600)
    refused(Overlaps, actor=helping, shift_id=shift().pk)
    assert sign_up(actor=helping, at=NOON, shift_id=shift(title="晚间巡逻", start=1100, end=1200).pk).state == "taken"


def test_too_young_and_minors_without_a_guardian() -> None:
    row = shift(minimum_age=16)
    _, child = helper("小明", born_on=date(2012, 1, 1))
    assert refused(NotFit, actor=child, shift_id=row.pk) == "这项活动要求年满16周岁。"
    _, pupil = helper("小红", born_on=date(2009, 9, 16))
    assert "监护人" in refused(NotFit, actor=pupil, shift_id=row.pk)
    mother = people.person("小红妈妈")
    _, guarded = helper("小兰", born_on=date(2009, 9, 16), guardian=mother)
    assert sign_up(actor=guarded, at=NOON, shift_id=row.pk).state == "taken"


def test_insurance_before_danger_and_an_agreement() -> None:
    row = shift(danger=True)
    volunteer, actor = helper()
    assert "协议" in refused(AgreementAsked, actor=actor, shift_id=row.pk)
    assert "保险" in refused(NotFit, actor=actor, shift_id=row.pk, agree=True)
    type(volunteer).objects.filter(pk=volunteer.pk).update(insured_until=TOMORROW)
    assert sign_up(actor=actor, at=NOON, shift_id=row.pk, agree=True).state == "taken"
    kept = Agreement.objects.get()
    assert (kept.volunteer_id, kept.cases, kept.on_paper) == (volunteer.pk, "danger", False)


def test_training_is_a_gate() -> None:
    skill = Skill.objects.get(code="first_aid")
    row = shift(skill_id=skill.pk, skill_level=2)
    volunteer, actor = helper()
    VolunteerSkill.objects.create(volunteer=volunteer, skill=skill, level=1)
    assert "培训" in refused(NotFit, actor=actor, shift_id=row.pk)
    VolunteerSkill.objects.update(level=2, trained_on=TODAY)
    assert sign_up(actor=actor, at=NOON, shift_id=row.pk).state == "taken"


def test_not_open_begun_elsewhere_or_nobody() -> None:
    _, actor = helper()
    refused(NotOpen, actor=actor, shift_id=shift(opened=False).pk)
    begun = shift(title="早上的班", day=TODAY, start=600, end=800)
    refused(NotOpen, actor=actor, shift_id=begun.pk)
    _, far = helper("远方", area_code="510104001001")
    refused(NotFound, actor=far, shift_id=begun.pk)
    refused(NotFound, actor=actor, shift_id=987654)
    with pytest.raises(NotAllowed):
        sign_up(actor=actor_of("carer"), at=NOON, shift_id=begun.pk)
    volunteer, left = helper("走了")
    type(volunteer).objects.filter(pk=volunteer.pk).update(left_on=TODAY)
    refused(NoVolunteer, actor=left, shift_id=begun.pk)


def test_after_the_beginning_nobody_leaves_by_phone() -> None:
    row, (_, actor) = shift(), helper()
    mine = sign_up(actor=actor, at=NOON, shift_id=row.pk)
    with pytest.raises(TooLate):
        withdraw(actor=actor, at=NOON + timedelta(hours=23), sign_up_id=mine.pk)
    mine.refresh_from_db()
    assert mine.state == "taken"


def test_nobody_leaves_for_another() -> None:
    row = shift()
    mine = sign_up(actor=helper()[1], at=NOON, shift_id=row.pk)
    with pytest.raises(NotFound):
        withdraw(actor=helper("别人")[1], at=NOON, sign_up_id=mine.pk)
    mine.refresh_from_db()
    assert mine.state == "taken"


def test_the_desk_places_in_its_own_area_only() -> None:
    row = shift()
    volunteer, _ = helper()
    with pytest.raises(NotFound):
        place_volunteer(actor=actor_of("stranger"), at=NOON, shift_id=row.pk, volunteer_id=volunteer.pk)
    other, _ = helper("外街", area_code=OTHER_COMMUNITY)
    with pytest.raises(NotFound):
        place_volunteer(actor=actor_of("community_worker"), at=NOON, shift_id=row.pk, volunteer_id=other.pk)
    assert SignUp.objects.count() == 0
    placed = place_volunteer(actor=actor_of("community_worker"), at=NOON, shift_id=row.pk, volunteer_id=volunteer.pk)
    assert (placed.state, placed.by_desk, Message.objects.get().kind) == ("taken", True, "placed")


def test_cancelling_takes_everybody_off_and_tells_them() -> None:
    row = shift(capacity=1)
    for name in ("甲一", "乙二"):
        sign_up(actor=helper(name)[1], at=NOON, shift_id=row.pk)
    cancel_activity(actor=actor_of("social_worker"), at=NOON, activity_id=row.activity_id, reason="下暴雨")
    assert [state for _, state, _ in states(row)] == ["withdrawn", "withdrawn"]
    assert list(Message.objects.values_list("kind", flat=True)) == ["cancelled", "cancelled"]
    row.refresh_from_db()
    assert row.taken == 0


def two_shifts() -> tuple[SignUp, SignUp]:
    """Return the places of two volunteers in two shifts of one activity."""
    one = activity()
    desk = actor_of("social_worker")
    later = add_shifts(actor=desk, at=NOON, activity_id=one.pk, days=[TOMORROW], start=840, end=960, capacity=1)[0]
    first = sign_up(actor=helper("甲一")[1], at=NOON, shift_id=one.shifts.order_by("start")[0].pk)
    return first, sign_up(actor=helper("乙二")[1], at=NOON, shift_id=later.pk)


def acting_for(row: SignUp) -> Actor:
    """Return who acts for the volunteer of a sign-up."""
    return acting(User.objects.get(username=f"helper{row.volunteer.person_id}"))


def test_a_swap_needs_both() -> None:
    mine, theirs = two_shifts()
    swap = ask_swap(actor=acting_for(mine), at=NOON, sign_up_id=mine.pk, theirs_id=theirs.pk)
    with pytest.raises(NotFound):
        answer_swap(actor=acting_for(mine), at=NOON, swap_id=swap.pk, agree=True)
    answer_swap(actor=acting_for(theirs), at=NOON, swap_id=swap.pk, agree=True)
    before = (mine.shift_id, theirs.shift_id)
    mine.refresh_from_db(), theirs.refresh_from_db()
    assert (theirs.shift_id, mine.shift_id) == before
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == ["swap_asked", "swapped", "swapped"]
    assert JournalEntry.objects.filter(kind="swap.agree").count() == 1


def test_a_swap_that_is_declined_or_impossible_changes_nothing() -> None:
    mine, theirs = two_shifts()
    swap = ask_swap(actor=acting_for(mine), at=NOON, sign_up_id=mine.pk, theirs_id=theirs.pk)
    answer_swap(actor=acting_for(theirs), at=NOON, swap_id=swap.pk, agree=False)
    again = ask_swap(actor=acting_for(mine), at=NOON, sign_up_id=mine.pk, theirs_id=theirs.pk)
    withdraw(actor=acting_for(mine), at=NOON, sign_up_id=mine.pk)
    with pytest.raises(CannotSwap):
        answer_swap(actor=acting_for(theirs), at=NOON, swap_id=again.pk, agree=True)
    places = (mine.shift_id, theirs.shift_id)
    mine.refresh_from_db(), theirs.refresh_from_db()
    assert (mine.shift_id, theirs.shift_id) == places
