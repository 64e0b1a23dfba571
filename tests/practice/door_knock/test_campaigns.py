"""A campaign draws every door of its list, shares it out, and ends only when each door is reached or has a reason."""

from typing import Any
from uuid import uuid4

import pytest

from tests.factories import people
from tests.factories.cast import actor_of, user_of, world
from tests.factories.doors import campaign, home, published, said, send
from tests.factories.places import CENTRE, COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from tests.registers.forms.asking import question
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.practice.door_knock import selectors, services
from wushe.practice.door_knock.models import Aim, Campaign, Target
from wushe.registers.people.models import Household, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here() -> None:
    world()


def lived_in() -> int:
    """Return in how many homes the cast lives."""
    living = Person.objects.filter(area_code=COMMUNITY, moved_out_on=None).exclude(household__in=BUILT)
    return living.values("household_id").distinct().count()


BUILT = Household.objects.filter(longitude__gt=CENTRE[0])


def test_every_home_is_on_the_list_once_and_shared_out() -> None:
    homes = [home(number, building=building).pk for building in (1, 2) for number in (101, 201)]
    people.person("空巢人", moved_out_on=TODAY)
    one = campaign(workers=("community_worker", "social_worker"))
    targets = list(one.targets.order_by("turn"))
    assert set(homes) <= {target.household_id for target in targets}
    assert len({target.household_id for target in targets}) == len(targets) == 4 + lived_in()
    assert {target.worker_id for target in targets} == {user_of("community_worker").pk, user_of("social_worker").pk}
    by_building = [target.building for target in targets if target.building.startswith("阳光")]
    assert by_building == ["阳光花园1栋"] * 2 + ["阳光花园2栋"] * 2
    assert JournalEntry.objects.filter(kind="campaign.open", subject_id=one.pk).count() == 1


def test_a_list_of_categories_names_people() -> None:
    near = people.person("特困老人", tags=("tekun",))
    people.person("别的街道", area_code=OTHER_COMMUNITY, tags=("tekun",))
    one = campaign(aim=Aim.PEOPLE, tag_codes=["tekun", "living_alone"])
    assert set(one.targets.values_list("person__name", flat=True)) == {near.name, "王桂芳"}


def test_what_is_refused_opens_nothing() -> None:
    version = published()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"title": " "}, "title"), ({"aim": "streets"}, "aim"), ({"aim": "people"}, "tag_codes"),
        ({"aim": "people", "tag_codes": ["orphan"]}, "area_code"), ({"area_code": OTHER_COMMUNITY}, "area_code"),
        ({"ends_on": TODAY.replace(year=2020)}, "ends_on"), ({"version_id": 0}, "version_id"), ({"worker_ids": []}, "worker_ids"),
        ({"worker_ids": [user_of("stranger").pk]}, "worker_ids"), ({"worker_ids": [user_of("carer").pk]}, "worker_ids"),
    ]  # fmt: skip
    for given, field in wrong:
        with pytest.raises(Invalid) as refusal:
            campaign(version=version, **{"version_id": version.pk, **given})
        assert field in refusal.value.fields, given
    assert (Campaign.objects.count(), Target.objects.count()) == (0, 0)
    one = campaign(version=version)
    for who, error in (("dispatcher", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(error):
            services.cancel_campaign(actor=actor_of(who), at=NOON, campaign_id=one.pk)
    assert Campaign.objects.get().state == "running"


def test_a_form_that_fills_what_nobody_knows_opens_nothing() -> None:
    strange = published("错填的表", [question("alone", fills="tag:no_such")])
    with pytest.raises(Invalid) as refusal:
        campaign(version=strange)
    assert refusal.value.fields == {"version_id": "“填到哪里”写的“tag:no_such”不认识。"}
    assert not Campaign.objects.exists()


def test_it_closes_only_when_every_door_is_reached_or_has_a_reason() -> None:
    home(101)
    one = campaign()
    boss = actor_of("social_worker")
    first, *others, second = one.targets.order_by("turn")
    send(first, said())
    for other in others:
        send(other, said())
    with pytest.raises(services.StillOpen) as refusal:
        services.close_campaign(actor=boss, at=NOON, campaign_id=one.pk)
    assert refusal.value.message == "还有1户没走到也没写原因，0户有两份不同的记录没有确认，暂时不能结束。"
    send(second, said("nobody", revisit_on=TODAY))
    assert [t.pk for t in selectors.targets_of(campaign=one, show="due", on=TODAY)] == [second.pk]
    services.give_reason(actor=boss, at=NOON, target_id=second.pk, reason="away", after=[], client_id=uuid4())
    progress = selectors.whole_progress(campaign=one)
    assert (progress.total, progress.reached, progress.not_reached, progress.left) == (
        len(others) + 2,
        len(others) + 1,
        1,
        0,
    )
    assert selectors.reasons_of(campaign=one) == [("长期外出", 1)]
    services.close_campaign(actor=boss, at=NOON, campaign_id=one.pk)
    with pytest.raises(Conflict):
        send(second, said())
    assert Target.objects.get(pk=second.pk).state == "not_reached"


def test_open_doors_are_shared_again_and_done_ones_stay() -> None:
    home(101), home(201)
    one = campaign()
    done = one.targets.order_by("turn").first()
    assert done is not None
    send(done, said())
    moved = services.share_again(
        actor=actor_of("social_worker"), at=NOON, campaign_id=one.pk, worker_ids=[user_of("social_worker").pk]
    )
    assert moved == 1 + lived_in()
    assert list(one.targets.filter(worker_id=user_of("community_worker").pk)) == [done]
    assert {p.name for p in selectors.progress_by_worker(campaign=one)} == {"刘社区", "陈社工"}


def test_progress_by_building_is_the_rows() -> None:
    home(101), home(201), home(101, building=2)
    one = campaign()
    send(one.targets.filter(building="阳光花园1栋").order_by("turn")[0], said())
    rows = {p.name: (p.total, p.reached, p.left) for p in selectors.progress_by_building(campaign=one)}
    assert rows["阳光花园1栋"] == (2, 1, 1)
    assert rows["阳光花园2栋"] == (1, 0, 1)
    assert sum(total for total, _, _ in rows.values()) == one.targets.count()
    assert list(selectors.campaigns_of(actor=actor_of("stranger"))) == []
    assert [c.doors for c in selectors.campaigns_of(actor=actor_of("community_worker"))] == [3 + lived_in()]
    assert [u.pk for u in selectors.accounts_at(actor=actor_of("stranger"), area_code=COMMUNITY)] != []
