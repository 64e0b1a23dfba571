"""A scout's lead: sent in a minute, once; a need with its channel, joined to one, or closed; the scout is answered."""

import pytest

from tests.factories import needs, people, scouts
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, STREET, TODAY
from wushe.chain.needs.models import Need, NeedState
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.practice.scouts.models import Lead, LeadState
from wushe.practice.scouts.selectors import ScoutRow, alike, own_leads, scout_rows
from wushe.practice.scouts.services import close_lead, enter_lead, join_lead, move_lead, raise_lead, send_lead

pytestmark = pytest.mark.django_db
TOLD = "已上门看过，正在办"


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def again(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def test_sent_from_the_phone_once_and_seen_by_its_scout_alone(here: World) -> None:
    one = send_lead(actor=actor_of("volunteer"), at=NOON, words=scouts.WORDS, client_key="k")
    assert send_lead(actor=actor_of("volunteer"), at=NOON, words=scouts.WORDS, client_key="k").pk == one.pk
    assert (one.state, one.scout_name, one.area_code) == (LeadState.SENT, "孙立", here.volunteer.area_code)
    other = scouts.sent("对门的刘爷爷两天没有出门了", by="carer")
    assert list(own_leads(actor=actor_of("volunteer"))) == [one]
    assert list(own_leads(actor=actor_of("carer"))) == [other]
    for refused in ("elder", "auditor", "social_worker"):
        with pytest.raises(NotAllowed):
            scouts.sent(by=refused)
    for words in ("", "有事", "长" * 501):
        with pytest.raises(Invalid) as refusal:
            scouts.sent(words)
        assert list(refusal.value.fields) == ["words"]
    assert Lead.objects.count() == 2


def test_a_lead_becomes_a_need_in_the_one_queue(here: World) -> None:
    lead, worker = scouts.sent(), actor_of("social_worker")
    with pytest.raises(Invalid) as refusal:
        raise_lead(actor=worker, at=NOON, lead_id=lead.pk, person_id=here.elder.pk, answer=" ")
    assert list(refusal.value.fields) == ["answer"]
    raise_lead(actor=worker, at=NOON, lead_id=lead.pk, person_id=here.elder.pk, answer=TOLD)
    need = Need.objects.get()
    assert (need.channel, need.state, need.words, need.person) == (
        "scout",
        NeedState.RECORDED,
        scouts.WORDS,
        here.elder,
    )
    assert (again(lead).state, again(lead).need, again(lead).answer) == (LeadState.RAISED, need, TOLD)
    for act in (raise_lead, close_lead):
        more = {"person_id": here.elder.pk, "apart": True} if act is raise_lead else {}
        with pytest.raises(MoveNotAllowed):
            act(actor=worker, at=NOON, lead_id=lead.pk, answer=TOLD, **more)  # type: ignore[operator]
    assert Need.objects.count() == 1
    kinds = JournalEntry.objects.filter(subject_kind="lead", subject_id=lead.pk).values_list("kind", flat=True)
    assert sorted(kinds) == ["lead.raise", "lead.send"]


def test_what_is_likely_the_same_is_joined_or_said_to_be_apart(here: World) -> None:
    worker, known = actor_of("social_worker"), needs.recorded(here.elder, words=scouts.WORDS)
    lead = scouts.sent()
    assert [one.need for one in alike(lead=lead, person=here.elder, at=NOON)] == [known]
    assert alike(lead=lead, person=people.person("李四"), at=NOON) == []
    with pytest.raises(Invalid) as refusal:
        raise_lead(actor=worker, at=NOON, lead_id=lead.pk, person_id=here.elder.pk, answer=TOLD)
    assert list(refusal.value.fields) == ["apart"]
    assert f"需求 {known.pk}" in refusal.value.fields["apart"]
    assert (Need.objects.count(), again(lead).state) == (1, LeadState.SENT)
    stranger_need = needs.recorded(people.person("李四"), words="修灯")
    with pytest.raises(Invalid):
        join_lead(
            actor=worker, at=NOON, lead_id=lead.pk, person_id=here.elder.pk, need_id=stranger_need.pk, answer=TOLD
        )
    join_lead(actor=worker, at=NOON, lead_id=lead.pk, person_id=here.elder.pk, need_id=known.pk, answer="已有人在办")
    assert (again(lead).state, again(lead).need) == (LeadState.JOINED, known)
    second = scouts.sent()
    raise_lead(actor=worker, at=NOON, lead_id=second.pk, person_id=here.elder.pk, answer=TOLD, apart=True)
    assert Need.objects.filter(person=here.elder).count() == 2


def test_closed_with_a_reason_and_moved_while_it_waits(here: World) -> None:
    worker, lead = actor_of("social_worker"), scouts.entered()
    move_lead(actor=worker, at=NOON, lead_id=lead.pk, changes={"area_code": NEXT_COMMUNITY})
    assert again(lead).area_code == NEXT_COMMUNITY
    for code in (STREET, OTHER_COMMUNITY, "x"):
        with pytest.raises(Invalid):
            move_lead(actor=worker, at=NOON, lead_id=lead.pk, changes={"area_code": code})
    with pytest.raises(Invalid):
        close_lead(actor=worker, at=NOON, lead_id=lead.pk, answer="")
    with pytest.raises(NotFound):
        close_lead(actor=actor_of("stranger"), at=NOON, lead_id=lead.pk, answer=TOLD)
    close_lead(actor=worker, at=NOON, lead_id=lead.pk, answer="去看过，是搬家了")
    assert (again(lead).state, again(lead).need) == (LeadState.CLOSED, None)
    with pytest.raises(Conflict):
        move_lead(actor=worker, at=NOON, lead_id=lead.pk, changes={"area_code": NEXT_COMMUNITY})
    for fault in ({"area_code": OTHER_COMMUNITY}, {"scout_name": ""}, {"words": "短"}):
        told = {"area_code": NEXT_COMMUNITY, "scout_name": "李大爷", "words": scouts.WORDS, **fault}
        with pytest.raises(Invalid) as refusal:
            enter_lead(actor=worker, at=NOON, **told)
        assert list(refusal.value.fields) == list(fault)


def test_what_came_of_each_scouts_leads(here: World) -> None:
    worker, leads = actor_of("social_worker"), [scouts.sent(f"{n}栋有位老人没有人照顾") for n in range(3)]
    raise_lead(actor=worker, at=NOON, lead_id=leads[0].pk, person_id=here.elder.pk, answer=TOLD)
    close_lead(actor=worker, at=NOON, lead_id=leads[1].pk, answer="没有这个人")
    scouts.entered()
    rows = scout_rows(actor=worker, since=TODAY, until=TODAY)
    assert rows == [ScoutRow("孙立", 3, 1, 1, 1), ScoutRow("李大爷", 1, 0, 0, 1)]
    assert [row.share for row in rows] == [0.5, None]
    assert scout_rows(actor=actor_of("stranger"), since=TODAY, until=TODAY) == []


def test_the_pages(here: World) -> None:
    phone, desk = client_of("volunteer"), client_of("social_worker")
    assert phone.post("/scouts/", {"words": scouts.WORDS}).status_code == 302
    short = phone.post("/scouts/", {"words": "难处"})
    assert (short.status_code, "难处</textarea>" in short.content.decode()) == (422, True)
    lead = Lead.objects.get()
    known = needs.recorded(here.elder, words=scouts.WORDS, at=lead.sent_at)
    act = f"/registers/leads/{lead.pk}/raise/"
    found = desk.post(act, {"q": "wgf"}).content.decode()
    assert "王桂芳" in found
    warned = desk.post(f"{act}?person={here.elder.pk}", {"answer": TOLD})
    assert (warned.status_code, f"需求 {known.pk}" in warned.content.decode()) == (422, True)
    joining = f"/registers/leads/{lead.pk}/join/?person={here.elder.pk}"
    assert f'<option value="{known.pk}"' in desk.get(joining).content.decode()
    assert desk.post(joining, {"answer": TOLD, "need_id": known.pk}).status_code == 302
    assert TOLD in phone.get("/scouts/").content.decode()
    assert "孙立" in desk.get("/scouts/rates/").content.decode()
    assert desk.post("/scouts/rates/export/", {"format": "csv"}).content.decode("utf-8-sig").count("孙立") == 1
