"""Categories are looked at again when their day has come."""

from datetime import date

import pytest

from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Tag
from wushe.registers.people.reviews import due_reviews, review_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def tag() -> Tag:
    here: World = world()
    tag = Tag.objects.get(person=here.elder, kind__code="living_alone")
    Tag.objects.filter(pk=tag.pk).update(review_on=date(2026, 9, 1))
    return tag


def due(who: str = "social_worker", **more: object) -> list[int]:
    return [tag.pk for tag in due_reviews(actor=actor_of(who), on=TODAY, **more)]  # type: ignore[arg-type]


def test_a_category_that_holds_gets_its_next_day(tag: Tag) -> None:
    assert due() == due(when="late") == due(tag_code="living_alone", area_code=COMMUNITY) == [tag.pk]
    assert due(when="soon") == due(tag_code="dibao") == due("stranger") == due(area_code=OTHER_COMMUNITY) == []
    with pytest.raises(Invalid):
        review_tag(actor=actor_of("social_worker"), at=NOON, tag_id=tag.pk, holds=True, evidence=" ")
    after = review_tag(actor=actor_of("social_worker"), at=NOON, tag_id=tag.pk, holds=True, evidence="再次入户")
    assert (after.reviewed_on, after.review_on, after.ends_on) == (TODAY, date(2027, 9, 14), None)
    assert JournalEntry.objects.get(kind="person.review").data == {"tag": "living_alone", "holds": True}
    assert due() == []


def test_a_category_that_holds_no_longer_ends(tag: Tag) -> None:
    after = review_tag(actor=actor_of("social_worker"), at=NOON, tag_id=tag.pk, holds=False)
    assert after.ends_on == TODAY
    with pytest.raises(NotFound):
        review_tag(actor=actor_of("social_worker"), at=NOON, tag_id=tag.pk, holds=False)


def test_within_thirty_days_is_soon_and_restricted_ones_are_asked_for(tag: Tag) -> None:
    Tag.objects.filter(pk=tag.pk).update(review_on=date(2026, 10, 14))
    assert due(when="soon") == due() == [tag.pk]
    assert due(when="late") == []
    tag.kind.sensitive = True
    tag.kind.save()
    assert (due(), due(sensitive=True)) == ([], [tag.pk])


def test_scope_and_rights(tag: Tag) -> None:
    with pytest.raises(NotFound):
        review_tag(actor=actor_of("stranger"), at=NOON, tag_id=tag.pk, holds=False)
    with pytest.raises(NotAllowed):
        due("carer")
    assert Tag.objects.get(pk=tag.pk).ends_on is None
