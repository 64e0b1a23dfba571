"""Standing posts: places are filled once each, and who has no post is found."""

from datetime import date

import pytest

from tests.factories import workforce
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON, TODAY
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.volunteers.models import Post
from wushe.registers.volunteers.selectors import posts, volunteers, volunteers_without_post
from wushe.registers.volunteers.services import (
    AlreadyVolunteer,
    HoldsPost,
    PostFull,
    fill_post,
    open_post,
    register_volunteer,
    vacate_post,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def post(here: World) -> Post:
    return open_post(
        actor=actor_of("social_worker"), at=NOON, title="楼栋关爱员", area_code=COMMUNITY, places=1, open_from=TODAY
    )


def test_a_post_is_filled_and_vacated(here: World, post: Post) -> None:
    worker, other = actor_of("social_worker"), workforce.volunteer("钱多多")
    holder = fill_post(actor=worker, at=NOON, post_id=post.pk, volunteer_id=here.volunteer.pk, starts_on=TODAY)
    with pytest.raises(HoldsPost):
        fill_post(actor=worker, at=NOON, post_id=post.pk, volunteer_id=here.volunteer.pk, starts_on=TODAY)
    with pytest.raises(PostFull):
        fill_post(actor=worker, at=NOON, post_id=post.pk, volunteer_id=other.pk, starts_on=TODAY)
    assert [v.pk for v in volunteers_without_post(actor=worker)] == [other.pk]
    assert list(posts(actor=worker, on=TODAY, only_free=True)) == []
    with pytest.raises(Invalid):
        vacate_post(actor=worker, at=NOON, holder_id=holder.pk, ends_on=date(2026, 9, 13))
    vacate_post(actor=worker, at=NOON, holder_id=holder.pk, ends_on=TODAY)
    assert posts(actor=worker, on=TODAY)[0].held == 0
    kinds = JournalEntry.objects.filter(subject_kind="post").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["post.open", "post.fill", "post.vacate"]


def test_only_within_scope(here: World, post: Post) -> None:
    with pytest.raises(NotFound):
        fill_post(actor=actor_of("stranger"), at=NOON, post_id=post.pk, volunteer_id=here.volunteer.pk, starts_on=TODAY)


def test_a_resident_becomes_a_volunteer_once(here: World) -> None:
    worker = actor_of("social_worker")
    volunteer = register_volunteer(actor=worker, at=NOON, person_id=here.daughter.pk)
    assert volunteer.number == f"511602{here.daughter.pk:010d}"
    with pytest.raises(AlreadyVolunteer):
        register_volunteer(actor=worker, at=NOON, person_id=here.daughter.pk)
    assert [v.pk for v in volunteers(actor=worker, text="王丽")] == [volunteer.pk]
    assert [v.pk for v in volunteers(actor=worker, text=volunteer.number)] == [volunteer.pk]
