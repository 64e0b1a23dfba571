"""Volunteers: minors under a guardian on record, skills with levels, leaving with every post; teams and their leaders."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from tests.factories import people, registers
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.holders import find_holders
from wushe.registers.people.models import Relation
from wushe.registers.volunteers import entering, selectors, services, teams
from wushe.registers.volunteers.hours import Served, note_hours
from wushe.registers.volunteers.models import PostHolder, SkillLevel, Team, Volunteer, VolunteerSkill
from wushe.registers.volunteers.phone import open_phone
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def register(person_id: int, who: str = "community_worker", **more: Any) -> Volunteer:
    return entering.register_volunteer(actor=actor_of(who), at=NOON, person_id=person_id, **more)


def update(here: World, who: str = "social_worker", **changes: Any) -> Volunteer:
    return entering.update_volunteer(actor=actor_of(who), at=NOON, volunteer_id=here.volunteer.pk, changes=changes)


def kinds(kind: str) -> int:
    return JournalEntry.objects.filter(kind=kind).count()


def test_a_minor_serves_under_a_guardian_on_record(here: World) -> None:
    child = people.person("王小明", sex="M", born_on=date(2012, 5, 1))
    with pytest.raises(Invalid) as alone:
        register(child.pk)
    with pytest.raises(Invalid) as chosen:
        register(child.pk, guardian_id=here.elder.pk)
    assert list(alone.value.fields) == list(chosen.value.fields) == ["guardian_id"]
    assert not Volunteer.objects.filter(person=child).exists()
    people.relation(child, here.elder, Relation.Kind.GUARDIAN)
    volunteer = register(child.pk, guardian_id=here.elder.pk)
    assert volunteer.guardian == here.elder
    assert volunteer.number != child.id_number.reveal()
    assert [one.pk for one in selectors.guardians_for(person=child)] == [here.elder.pk]
    assert kinds("volunteer.register") == 1


def test_what_differs_is_told(here: World) -> None:
    team = registers.team()
    update(here, team_id=team.pk, earlier_minutes=90, insured_until=date(2027, 1, 1))
    entry = JournalEntry.objects.get(kind="volunteer.update")
    assert entry.data["changes"]["team_id"] == [None, team.pk]
    assert entry.data["changes"]["insured_until"] == [None, "2027-01-01"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"area_code": OTHER_COMMUNITY}, "area_code"), ({"area_code": "511602"}, "area_code"), ({"earlier_minutes": -1}, "earlier_minutes")],
)  # fmt: skip
def test_a_fault_changes_nothing(here: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        update(here, **changes)
    assert list(refusal.value.fields) == [field]
    assert Volunteer.objects.get(pk=here.volunteer.pk).area_code == COMMUNITY
    assert kinds("volunteer.update") == 0


def test_only_within_scope(here: World) -> None:
    with pytest.raises(NotFound):
        update(here, "stranger", earlier_minutes=60)
    with pytest.raises(NotAllowed):
        update(here, "auditor", earlier_minutes=60)
    with pytest.raises(NotFound):
        update(here, team_id=registers.team(area_code=OTHER_COMMUNITY).pk)
    with pytest.raises(NotFound):
        entering.set_skill(actor=actor_of("stranger"), at=NOON, volunteer_id=here.volunteer.pk, skill="barber", level=1)
    with pytest.raises(NotFound):
        entering.leave_volunteers(actor=actor_of("stranger"), at=NOON, volunteer_id=here.volunteer.pk, left_on=TODAY)


def test_skills_have_levels(here: World) -> None:
    def skill(code: str, level: int, trained_on: date | None = None) -> VolunteerSkill:
        return entering.set_skill(
            actor=actor_of("social_worker"), at=NOON, volunteer_id=here.volunteer.pk, skill=code, level=level, trained_on=trained_on
        )  # fmt: skip

    skill("barber", SkillLevel.BASIC)
    assert skill("barber", SkillLevel.EXPERT, date(2026, 3, 1)).level == SkillLevel.EXPERT
    for wrong in (
        ("barber", 7, None),
        ("nothing", 1, None),
        ("barber", SkillLevel.TRAINED, None),
        ("barber", 1, date(2030, 1, 1)),
    ):
        with pytest.raises(Invalid):
            skill(*wrong)
    assert VolunteerSkill.objects.get().level == SkillLevel.EXPERT
    entering.drop_skill(actor=actor_of("social_worker"), at=NOON, volunteer_id=here.volunteer.pk, skill="barber")
    with pytest.raises(Invalid):
        entering.drop_skill(actor=actor_of("social_worker"), at=NOON, volunteer_id=here.volunteer.pk, skill="barber")
    assert (kinds("volunteer.skill"), kinds("volunteer.unskill")) == (2, 1)


def test_who_leaves_leaves_every_post(here: World) -> None:
    actor, pk = actor_of("social_worker"), here.volunteer.pk
    holder = PostHolder.objects.create(post=registers.post(), volunteer=here.volunteer, starts_on=date(2025, 1, 1))
    with pytest.raises(Invalid):
        entering.leave_volunteers(actor=actor, at=NOON, volunteer_id=pk, left_on=date(2030, 1, 1))
    entering.leave_volunteers(actor=actor, at=NOON, volunteer_id=pk, left_on=TODAY)
    holder.refresh_from_db()
    assert holder.ends_on == TODAY
    for again in (lambda: update(here, earlier_minutes=1),
                  lambda: entering.leave_volunteers(actor=actor, at=NOON, volunteer_id=pk, left_on=TODAY)):  # fmt: skip
        with pytest.raises(entering.HasLeft):
            again()
    assert entering.return_volunteer(actor=actor, at=NOON, volunteer_id=pk).left_on is None
    with pytest.raises(Conflict):
        entering.return_volunteer(actor=actor, at=NOON, volunteer_id=pk)
    assert (kinds("volunteer.leave"), kinds("volunteer.return")) == (1, 1)


def test_hours_make_stars(here: World) -> None:
    update(here, earlier_minutes=60 * 60)
    served = {here.volunteer.person_id: Served(40 * 60, TODAY), here.elder.pk: Served(9, TODAY)}
    assert note_hours(actor=SYSTEM, at=NOON, served=served) == 1
    volunteer = Volunteer.objects.get(pk=here.volunteer.pk)
    assert (volunteer.all_minutes, volunteer.served_on) == (6000, TODAY)
    assert selectors.stars_of(volunteer=volunteer, on=TODAY) == 1


def test_a_team_is_founded_led_and_dissolved(here: World) -> None:
    actor = actor_of("community_worker")

    def found() -> Team:
        return teams.found_team(
            actor=actor, at=NOON, name="敬老队", kind="community", area_code=COMMUNITY, emergency=True, client_key="k"
        )

    team = found()
    assert found().pk == team.pk
    assert team.initials == "jld"
    with pytest.raises(Invalid) as stranger:
        teams.update_team(actor=actor, at=NOON, team_id=team.pk, changes={"leader_id": here.volunteer.pk})
    assert list(stranger.value.fields) == ["leader_id"]
    update(here, team_id=team.pk)
    teams.update_team(
        actor=actor, at=NOON, team_id=team.pk, changes={"leader_id": here.volunteer.pk, "speciality": "陪伴"}
    )
    with pytest.raises(NotFound):
        teams.update_team(actor=actor_of("stranger"), at=NOON, team_id=team.pk, changes={"speciality": "别的"})
    with pytest.raises(Invalid):
        teams.end_team(actor=actor, at=NOON, team_id=team.pk, ended_on=date(2030, 1, 1))
    teams.end_team(actor=actor, at=NOON, team_id=team.pk, ended_on=TODAY)
    assert Volunteer.objects.get(pk=here.volunteer.pk).team is None
    with pytest.raises(Conflict):
        teams.end_team(actor=actor, at=NOON, team_id=team.pk, ended_on=TODAY)
    assert (kinds("team.found"), kinds("team.update"), kinds("team.end")) == (1, 1, 1)


def test_a_branch_stands_under_its_team_and_never_above_it(here: World) -> None:
    actor = actor_of("social_worker")
    whole, branch = registers.team("先锋总队"), registers.team("助老分队")
    update_team = partial(teams.update_team, actor=actor, at=NOON)
    update_team(team_id=branch.pk, changes={"parent_id": whole.pk})
    for team, above in ((whole, branch), (whole, whole)):
        with pytest.raises(Invalid, match="不能把自己"):
            update_team(team_id=team.pk, changes={"parent_id": above.pk})
    with pytest.raises(NotFound):
        update_team(team_id=whole.pk, changes={"parent_id": registers.team("外街队", area_code=OTHER_COMMUNITY).pk})
    assert [one.name for one in selectors.branches_of(team=whole)] == ["助老分队"]
    assert "助老分队" in client_of("social_worker").get(f"/registers/teams/{whole.pk}/").content.decode()
    teams.end_team(actor=actor, at=NOON, team_id=whole.pk, ended_on=TODAY)
    branch.refresh_from_db()
    assert branch.parent is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": "一"}, "name"), ({"kind": "?"}, "kind"), ({"area_code": OTHER_COMMUNITY}, "area_code")],
)
def test_a_team_with_a_fault_is_not_founded(here: World, changes: dict[str, Any], field: str) -> None:
    values = {"name": "敬老队", "kind": "community", "area_code": COMMUNITY, **changes}
    with pytest.raises(Invalid) as refusal:
        teams.found_team(actor=actor_of("community_worker"), at=NOON, **values)
    assert list(refusal.value.fields) == [field]
    assert not Team.objects.exists()


def test_a_post_keeps_its_shift_and_as_many_places_as_are_taken(here: World) -> None:
    actor, post = actor_of("social_worker"), registers.post(places=2)
    services.update_post(
        actor=actor, at=NOON, post_id=post.pk, changes={"weekdays": "67", "shift_start": 600, "shift_end": 720}
    )
    PostHolder.objects.create(post=post, volunteer=here.volunteer, starts_on=TODAY)
    for changes, field in (({"places": 0}, "places"), ({"shift_end": 600}, "shift_end"), ({"weekdays": "9"}, "weekdays"),
                           ({"area_code": OTHER_COMMUNITY}, "area_code"), ({"title": ""}, "title")):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            services.update_post(actor=actor, at=NOON, post_id=post.pk, changes=changes)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(NotFound):
        services.update_post(actor=actor_of("stranger"), at=NOON, post_id=post.pk, changes={"places": 5})
    far = registers.facility(area_code=OTHER_COMMUNITY)
    with pytest.raises(NotFound):
        services.update_post(actor=actor, at=NOON, post_id=post.pk, changes={"facility_id": far.pk})
    assert kinds("post.update") == 1


def test_those_near_without_a_post_come_first(here: World) -> None:
    post = registers.post(area_code=NEXT_COMMUNITY)
    assert list(selectors.free_volunteers(actor=actor_of("social_worker"), post=post)) == []
    assert [one.pk for one in selectors.free_volunteers(actor=actor_of("social_worker"), post=post, text="孙立")] == [
        here.volunteer.pk
    ]


def test_a_registered_volunteer_can_be_given_an_account_and_is_planned_on_no_day(here: World) -> None:
    person = people.person("新志愿者", born_on=date(1980, 5, 1))
    volunteer = register(person.pk)
    post = Worker.objects.get(person=person)
    assert (post.kind, post.weekdays, post.area_code) == ("volunteer", "", volunteer.area_code)
    assert open_phone(actor=actor_of("social_worker"), at=NOON, volunteer_id=volunteer.pk) == post
    with pytest.raises(NotFound):
        open_phone(actor=actor_of("stranger"), at=NOON, volunteer_id=volunteer.pk)
    found = find_holders(actor=actor_of("account_admin"), role_code="volunteer", text="新志愿者")
    assert [one.pk for one in found] == [post.pk]
