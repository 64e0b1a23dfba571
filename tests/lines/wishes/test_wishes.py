"""A wish from the door to the thanks: no cash, one a home and quarter, nobody's name, the first claim, what runs out."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import people, wishes
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import NOON, TODAY
from tests.factories.visits import photo
from wushe.chain.needs.models import NeedState
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.lines.wishes.claiming import (
    ClaimedAlready,
    add_photo,
    claim_for,
    claim_own,
    drop_claim,
    expire_claims,
    note_call,
    realise_wish,
)
from wushe.lines.wishes.models import Claim, ClaimOutcome, Wish, WishState
from wushe.lines.wishes.selectors import photo_of, public_wishes, tally
from wushe.lines.wishes.services import (
    NoConsent,
    NoPhoto,
    NotVerified,
    OneAtATime,
    collect_wish,
    confirm_wish,
    public_name,
    publish_wish,
    thank,
    update_wish,
    verify_wish,
    withdraw_wish,
)
from wushe.registers.people.models import Relation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def again(wish: Wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "想要500元现金"), ("story", "发个红包就好"), ("title", ""), ("story", "送到3栋201"), ("story", "打13900001111"),
     ("worth_fen", 50_001), ("worth_fen", -1), ("kind", "cash"), ("title", "长" * 41)],
)  # fmt: skip
def test_no_cash_nothing_dear_and_nothing_that_tells_who(here: World, field: str, value: object) -> None:
    asked = {"kind": "goods", "title": "一台收音机", "story": "想听戏", "worth_fen": 50_000, field: value}
    with pytest.raises(Invalid) as refusal:
        collect_wish(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, **asked)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
    assert not Wish.objects.exists()


def test_one_wish_for_a_home_and_quarter(here: World) -> None:
    first = wishes.collected(here.elder)
    assert first.need is not None
    assert (first.need.channel, first.need.state) == ("wish", NeedState.RECORDED)
    with pytest.raises(OneAtATime):
        wishes.collected(people.person("王大山", home=here.elder.household))
    wishes.collected(people.person("邻居"))
    withdraw_wish(actor=actor_of("social_worker"), at=NOON, wish_id=first.pk, reason="子女已买")
    first.need.refresh_from_db()
    assert (again(first).outcome, first.need.state) == ("子女已买", NeedState.CLOSED)
    wishes.collected(here.elder, "一盆花")
    with pytest.raises(OneAtATime):
        wishes.collected(here.elder, "又一盆花", at=NOON + 30 * DAY)
    assert Wish.objects.count() == 3


def test_published_only_verified_with_consent_and_without_a_name(here: World) -> None:
    wish, actor = wishes.collected(here.elder), actor_of("social_worker")
    with pytest.raises(NotVerified):
        verify_wish(actor=actor, at=NOON, wish_id=wish.pk, at_home=True)
    verify_wish(actor=actor, at=NOON, wish_id=wish.pk, at_home=False)
    with pytest.raises(NotVerified):
        publish_wish(actor=actor, at=NOON, wish_id=wish.pk)
    verify_wish(actor=actor, at=NOON, wish_id=wish.pk, at_home=True)
    with pytest.raises(NoConsent):
        publish_wish(actor=actor, at=NOON, wish_id=wish.pk)
    update_wish(actor=actor, at=NOON, wish_id=wish.pk, changes={"title": "一台大声的收音机"})
    assert (again(wish).phoned_at, again(wish).visited_at, again(wish).state) == (None, None, WishState.COLLECTED)
    assert list(public_wishes()) == []
    withdraw_wish(actor=actor, at=NOON, wish_id=wish.pk, reason="改")
    shown = wishes.published(here.elder)
    page = Client().get("/wishes/").content.decode() + Client().get(f"/wishes/{shown.pk}/").content.decode()
    assert [word for word in ("一台收音机", "王**") if word not in page] == []
    assert [word for word in ("桂芳", here.elder.phone.reveal()) if word in page] == []
    assert Client().get(f"/wishes/{wish.pk}/").status_code == 404
    child = people.person("刘小宝", born_on=TODAY.replace(year=2015))
    people.relation(child, here.elder, Relation.Kind.GUARDIAN)
    assert public_name(child, on=TODAY) == "一位小朋友"
    with pytest.raises(Conflict):
        update_wish(actor=actor, at=NOON, wish_id=shown.pk, changes={"title": "别的"})
    with pytest.raises(NotFound):
        publish_wish(actor=actor_of("stranger"), at=NOON, wish_id=shown.pk)


def test_claimed_once_realised_confirmed_with_photo_and_thanked(here: World) -> None:
    wish, worker, volunteer = wishes.published(here.elder), actor_of("social_worker"), actor_of("volunteer")
    claim = claim_own(actor=volunteer, at=NOON, wish_id=wish.pk)
    assert (claim.name, claim.expires_at, again(wish).due_on) == ("孙立", NOON + 7 * DAY, TODAY + 30 * DAY)
    with pytest.raises(ClaimedAlready):
        claim_for(actor=worker, at=NOON, wish_id=wish.pk, kind="unit", name="区税务局")
    with pytest.raises(Invalid) as refusal:
        realise_wish(actor=volunteer, at=NOON, claim_id=claim.pk, note="送到了")
    assert list(refusal.value.fields) == ["receipt"]
    realise_wish(actor=volunteer, at=NOON + DAY, claim_id=claim.pk, note="和社区一起送到家", receipt="小票 0012")
    with pytest.raises(NoPhoto):
        confirm_wish(actor=worker, at=NOON + DAY, wish_id=wish.pk, satisfied=True)
    confirm_wish(actor=worker, at=NOON + DAY, wish_id=wish.pk, satisfied=False)
    assert again(wish).state == WishState.CLAIMED
    picture = photo()
    first = add_photo(actor=volunteer, at=NOON + DAY, claim_id=claim.pk, content=picture)
    assert add_photo(actor=volunteer, at=NOON + DAY, claim_id=claim.pk, content=picture).pk == first.pk
    with pytest.raises(NotAllowed):
        photo_of(actor=volunteer, photo_id=first.pk)
    with pytest.raises(NotFound):
        photo_of(actor=actor_of("stranger"), photo_id=first.pk)
    realise_wish(actor=volunteer, at=NOON + 2 * DAY, claim_id=claim.pk, note="换了一台声音大的", receipt="小票 0013")
    confirm_wish(actor=worker, at=NOON + 3 * DAY, wish_id=wish.pk, satisfied=True)
    claim.refresh_from_db()
    wish = Wish.objects.select_related("need").get(pk=wish.pk)
    assert wish.need is not None
    assert (wish.state, claim.outcome, wish.need.state) == (WishState.CONFIRMED, ClaimOutcome.KEPT, NeedState.CLOSED)
    for telling in ("我是王桂芳，谢谢", "谢谢，有空来3栋201坐坐", " "):
        with pytest.raises(Invalid):
            thank(actor=worker, at=NOON, wish_id=wish.pk, thanks=telling)
    thank(actor=worker, at=NOON, wish_id=wish.pk, thanks="每天都听，谢谢好心人。")
    assert "每天都听" in Client().get("/wishes/").content.decode()
    assert (tally(public_wishes()).published, tally(public_wishes()).share) == (1, 1.0)
    with pytest.raises(MoveNotAllowed):
        drop_claim(actor=volunteer, at=NOON, claim_id=claim.pk)
    moves = JournalEntry.objects.filter(subject_kind="wish", subject_id=wish.pk).values_list("kind", flat=True)
    assert moves.filter(kind="wish.confirm").count() == 1


def test_claims_run_out_without_a_call_or_without_the_thing(here: World) -> None:
    silent, slow = wishes.published(here.elder), wishes.published(people.person("刘桂香"), "一双棉鞋", kind="service")
    worker = actor_of("social_worker")
    claim_for(actor=worker, at=NOON, wish_id=silent.pk, kind="member", name="张党员", phone="13900001111")
    called = claim_for(actor=worker, at=NOON, wish_id=slow.pk, kind="unit", name="区税务局")
    note_call(actor=worker, at=NOON + DAY, claim_id=called.pk)
    assert expire_claims(actor=SYSTEM, at=NOON + 7 * DAY) == 0
    assert expire_claims(actor=SYSTEM, at=NOON + 8 * DAY) == 1
    assert (again(silent).state, again(slow).state) == (WishState.PUBLISHED, WishState.CLAIMED)
    assert expire_claims(actor=SYSTEM, at=NOON + 31 * DAY) == 1
    assert set(Claim.objects.values_list("outcome", flat=True)) == {ClaimOutcome.EXPIRED}
    assert again(slow).due_on is None
    for fault, field in (({"kind": "x"}, "kind"), ({"name": ""}, "name"), ({"phone": "12"}, "phone")):
        asked = {"kind": "unit", "name": "区税务局", **fault}
        with pytest.raises(Invalid) as refusal:
            claim_for(actor=worker, at=NOON, wish_id=silent.pk, **asked)
        assert list(refusal.value.fields) == [field]


def test_a_volunteer_holds_three_at_most_and_follows_only_own(here: World) -> None:
    found = [wishes.published(people.person(f"老人{n}"), f"心愿{n}") for n in range(4)]
    volunteer = actor_of("volunteer")
    claims = [claim_own(actor=volunteer, at=NOON, wish_id=wish.pk) for wish in found[:3]]
    with pytest.raises(Conflict):
        claim_own(actor=volunteer, at=NOON, wish_id=found[3].pk)
    drop_claim(actor=volunteer, at=NOON, claim_id=claims[0].pk)
    assert again(found[0]).state == WishState.PUBLISHED
    claim_own(actor=volunteer, at=NOON, wish_id=found[3].pk)
    unit = claim_for(actor=actor_of("social_worker"), at=NOON, wish_id=found[0].pk, kind="unit", name="区税务局")
    with pytest.raises(NotFound):
        note_call(actor=volunteer, at=NOON, claim_id=unit.pk)
    with pytest.raises(NotAllowed):
        claim_own(actor=actor_of("elder"), at=NOON, wish_id=found[0].pk)
    assert client_of("volunteer").get(f"/wishes/claims/{unit.pk}/").status_code == 404
