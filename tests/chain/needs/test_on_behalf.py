"""Asking for somebody else: a ground on record lets it into the queue at once, without one the person is asked first."""

from datetime import timedelta

import pytest

from tests.factories import needs, people
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.needs.basis import NoBasis
from wushe.chain.needs.models import Application, ApplicationState, Basis, Channel, Need
from wushe.chain.needs.on_behalf import (
    accept_application,
    apply_on_behalf,
    hand_on,
    note_agreement,
    note_refusal,
)
from wushe.chain.needs.services import record_need
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.workflow import MoveNotAllowed
from wushe.registers.people.consents import notice_for, withdraw_consent
from wushe.registers.people.models import Consent, Relation

pytestmark = pytest.mark.django_db
WORDS = "她想请人上门洗澡"


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def again(one: Application) -> Application:
    return Application.objects.get(pk=one.pk)


def by(relative_id: int, person_id: int, *, who: str = "social_worker") -> Application:
    return apply_on_behalf(actor=actor_of(who), at=NOON, person_id=person_id, relative_id=relative_id, words=WORDS)


def test_a_registered_relation_lets_it_in_at_once(here: World) -> None:
    carer, cousin = people.person("周敏姐"), people.person("王远亲")
    for who, kind in ((carer, Relation.Kind.CARER), (cousin, Relation.Kind.OTHER)):
        Relation.objects.create(person=here.elder, relative=who, kind=kind)
    for relative in (here.daughter, carer):
        one = by(relative.pk, here.elder.pk)
        assert (one.state, one.basis, one.relative) == (ApplicationState.ACCEPTED, Basis.RELATION, relative)
        assert one.need is not None
        assert (one.need.channel, one.need.words) == (Channel.ON_BEHALF, WORDS)
    waiting = by(cousin.pk, here.elder.pk)
    assert (waiting.state, waiting.need, waiting.tie) == (ApplicationState.WAITING, None, "其他亲属")
    with pytest.raises(Invalid):
        by(here.far_elder.pk, here.elder.pk)
    with pytest.raises(NotFound):
        by(here.daughter.pk, here.elder.pk, who="stranger")
    assert (Application.objects.count(), Need.objects.count()) == (3, 2)


def test_without_a_ground_it_waits_with_a_name_and_is_never_a_need(here: World) -> None:
    worker, one = actor_of("social_worker"), needs.application(here.elder)
    assert (one.state, one.asker_name, one.ask_by) == ("waiting", worker.name, NOON + timedelta(hours=24))
    for act in (lambda: accept_application(actor=worker, at=NOON, application_id=one.pk),
                lambda: record_need(actor=worker, at=NOON, person_id=here.elder.pk, channel=Channel.ON_BEHALF, words=WORDS)):  # fmt: skip
        with pytest.raises(NoBasis):
            act()
    hand_on(actor=worker, at=NOON, application_id=one.pk, asker_name="刘社区")
    with pytest.raises(Invalid):
        note_refusal(actor=worker, at=NOON, application_id=one.pk, outcome="")
    note_refusal(actor=worker, at=NOON, application_id=one.pk, outcome="上门问过，自己还能洗")
    assert (again(one).state, again(one).asker_name, Need.objects.count()) == ("refused", "刘社区", 0)
    with pytest.raises(MoveNotAllowed):
        note_agreement(actor=worker, at=NOON, application_id=one.pk, given_by_id=here.elder.pk)


def test_the_persons_word_is_recorded_with_purpose_and_notice_and_lets_it_in(here: World) -> None:
    worker, one = actor_of("social_worker"), needs.application(here.elder)
    with pytest.raises(Invalid):  # nobody else may agree
        note_agreement(actor=worker, at=NOON, application_id=one.pk, given_by_id=here.far_elder.pk)
    with pytest.raises(NotAllowed):
        note_agreement(actor=actor_of("dispatcher"), at=NOON, application_id=one.pk, given_by_id=here.elder.pk)
    assert (again(one).state, Consent.objects.count()) == ("waiting", 0)
    note_agreement(actor=worker, at=NOON, application_id=one.pk, given_by_id=here.elder.pk)
    consent = Consent.objects.get()
    assert (consent.purpose, consent.notice_version) == ("on_behalf", notice_for(here.elder, on=TODAY))
    assert (again(one).state, again(one).basis, again(one).consent) == ("accepted", Basis.CONSENT, consent)
    assert again(one).need == Need.objects.get()
    assert needs.application(here.elder).state == "accepted"  # the consent stands for the next one
    withdraw_consent(actor=worker, at=NOON, person_id=here.elder.pk, purpose="on_behalf")
    assert needs.application(here.elder).state == "waiting"
    Consent.objects.create(  # under another notice it does not count
        person=here.elder, purpose="on_behalf", notice_version="2019-1", given_at=NOON, given_by=here.elder
    )
    assert needs.application(here.elder).state == "waiting"


def test_a_child_agrees_through_a_guardian(here: World) -> None:
    child, worker = people.person("小宝", born_on=TODAY.replace(year=TODAY.year - 8)), actor_of("social_worker")
    one = needs.application(child)
    with pytest.raises(Invalid):
        note_agreement(actor=worker, at=NOON, application_id=one.pk, given_by_id=child.pk)
    Relation.objects.create(person=child, relative=here.daughter, kind=Relation.Kind.GUARDIAN)
    note_agreement(actor=worker, at=NOON, application_id=one.pk, given_by_id=here.daughter.pk)
    assert again(one).state == "accepted"


def test_the_pages(here: World) -> None:
    desk, address = client_of("social_worker"), f"/registers/applications/new/?person={here.elder.pk}"
    assert "王丽（" in desk.get(address).content.decode()
    wrong = desk.post(address, {"words": WORDS, "relative_id": ""})
    assert (wrong.status_code, WORDS in wrong.content.decode()) == (422, True)
    assert desk.post(address, {"words": WORDS, "relative_id": "", "applicant_name": "邻居张三"}).status_code == 302
    one = Application.objects.get()
    assert "等本人同意" in desk.get(f"/registers/applications/{one.pk}/").content.decode()
    early = desk.post(f"/registers/applications/{one.pk}/accept/", {})
    assert (early.status_code, "本人同意" in early.content.decode()) == (422, True)
    agreed = desk.post(f"/registers/applications/{one.pk}/agree/", {"given_by_id": str(here.elder.pk)})
    assert (agreed.status_code, again(one).state) == (302, "accepted")
