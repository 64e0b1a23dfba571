"""A desk decides for its own records; where the other is another desk's, it asks and both agree."""

import pytest

from tests.factories.cast import World, actor_of, world
from tests.factories.duplicates import ticket_about
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.registers.duplicates.models import Ticket
from wushe.registers.duplicates.selectors import comparison, ticket_of, tickets
from wushe.registers.duplicates.tickets import OtherDesk, answer_question, ask_desk, keep_apart, reopen_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def far(here: World) -> Ticket:
    """A ticket about 王奶奶 and a record in another street."""
    return ticket_about(here.elder, area_code=OTHER_COMMUNITY)


def ask(
    ticket: Ticket, who: str = "social_worker", area_code: str = OTHER_COMMUNITY, words: str = "是搬去的吗？"
) -> Ticket:
    return ask_desk(actor=actor_of(who), at=NOON, ticket_id=ticket.pk, area_code=area_code, question=words)


def test_ask_answer_and_decide(far: Ticket) -> None:
    ask(far)
    assert Ticket.objects.get(pk=far.pk).state == "asked"
    stranger = actor_of("stranger")
    assert [t.pk for t in tickets(actor=stranger, asked=True)] == [far.pk]
    assert not tickets(actor=actor_of("social_worker"), asked=True).exists()
    answer_question(actor=stranger, at=NOON, ticket_id=far.pk, answer="different", words="不认识")
    keep_apart(actor=actor_of("social_worker"), at=NOON, ticket_id=far.pk, reason="对方已核实")
    after = Ticket.objects.get(pk=far.pk)
    assert (after.state, after.answer, after.answer_words, after.reason) == (
        "apart",
        "different",
        "不认识",
        "对方已核实",
    )
    kinds = JournalEntry.objects.filter(subject_kind="ticket").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [f"duplicate.{event}" for event in ("open", "ask", "answer", "part")]
    reopen_ticket(actor=actor_of("social_worker"), at=NOON, ticket_id=far.pk)
    assert Ticket.objects.get(pk=far.pk).state == "open"


def test_only_the_desk_that_was_asked_answers(far: Ticket) -> None:
    ask(far)
    with pytest.raises(OtherDesk):
        answer_question(actor=actor_of("social_worker"), at=NOON, ticket_id=far.pk, answer="same")
    assert Ticket.objects.get(pk=far.pk).state == "asked"
    with pytest.raises(Invalid):
        answer_question(actor=actor_of("stranger"), at=NOON, ticket_id=far.pk, answer="perhaps")


def test_one_desk_alone_decides_nothing(far: Ticket) -> None:
    for who in ("social_worker", "stranger"):
        with pytest.raises(OtherDesk):
            keep_apart(actor=actor_of(who), at=NOON, ticket_id=far.pk, reason="不是")
    assert Ticket.objects.get(pk=far.pk).state == "open"


@pytest.mark.parametrize(
    ("area", "words", "field"), [("511602002002", "问", "area_code"), (OTHER_COMMUNITY, " ", "question")]
)
def test_a_question_has_words_and_goes_to_one_of_the_two(far: Ticket, area: str, words: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ask(far, area_code=area, words=words)
    assert list(refusal.value.fields) == [field]
    assert Ticket.objects.get(pk=far.pk).state == "open"


def test_apart_needs_a_reason_and_is_decided_once(here: World) -> None:
    near = ticket_about(here.elder)
    worker = actor_of("social_worker")
    with pytest.raises(Invalid):
        keep_apart(actor=worker, at=NOON, ticket_id=near.pk, reason=" ")
    keep_apart(actor=worker, at=NOON, ticket_id=near.pk, reason="堂姐妹")
    with pytest.raises(MoveNotAllowed):
        keep_apart(actor=worker, at=NOON, ticket_id=near.pk, reason="堂姐妹")


def test_scope_and_rights(here: World, far: Ticket) -> None:
    near = ticket_about(here.daughter)
    assert {t.pk for t in tickets(actor=actor_of("stranger"))} == {far.pk}
    with pytest.raises(NotFound):
        ticket_of(actor=actor_of("stranger"), ticket_id=near.pk)
    with pytest.raises(NotAllowed):
        ask(near, who="dispatcher", area_code=COMMUNITY)
    with pytest.raises(NotAllowed):
        tickets(actor=actor_of("carer"))


def test_the_other_desks_values_are_hidden(far: Ticket) -> None:
    ticket = ticket_of(actor=actor_of("social_worker"), ticket_id=far.pk)
    lines = {
        line.title: line for line in comparison(actor=actor_of("social_worker"), ticket=ticket, on=TODAY, places={})
    }
    assert (lines["姓名"].first, lines["姓名"].second) == ("王桂芳", "王**")
    assert lines["联系电话"].first.startswith("139****")
    assert lines["联系电话"].second.startswith("（对方社区")
    assert not lines["联系电话"].differs
    assert all(not line.choice for line in lines.values())


def test_what_differs_can_be_chosen_and_is_masked(here: World) -> None:
    near = ticket_about(here.elder, telephone="13800001234")
    ticket = ticket_of(actor=actor_of("social_worker"), ticket_id=near.pk)
    lines = {
        line.title: line for line in comparison(actor=actor_of("social_worker"), ticket=ticket, on=TODAY, places={})
    }
    assert (lines["联系电话"].second, lines["联系电话"].choice) == ("138****1234", "phone")
    assert (lines["出生日期"].differs, lines["出生日期"].choice) == (False, "")
    assert {line.choice for line in lines.values() if line.choice} == {"id_number", "phone", "home", "lives_alone"}
    found = tickets(actor=actor_of("social_worker"), text="桂芳", state="open")
    assert [t.pk for t in found] == [near.pk]
    assert not tickets(actor=actor_of("social_worker"), state="merged").exists()
