"""Each step of the main path with its state, its journal row and its effect; then the whole chain in one."""

from collections.abc import Iterable

import pytest

from tests.factories.cast import actor_of
from tests.factories.places import COMMUNITY, DISTRICT
from tests.journeys.path import MONEY, VISIT_DAY, MainPath
from wushe.chain.needs.models import Need
from wushe.chain.orders.models import Offer, Order
from wushe.chain.orders.services import OfferGone, accept_order
from wushe.chain.resources.models import Linkage
from wushe.chain.settlement.models import Settlement
from wushe.chain.verification.models import Check
from wushe.chain.verification.services import accept_visit
from wushe.chain.visits.models import Evidence, Visit
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks as journal_breaks
from wushe.ledgers.models import Account
from wushe.ledgers.selectors import faults
from wushe.oversight.selectors.breaks import breaks
from wushe.oversight.selectors.figures import figures
from wushe.oversight.selectors.timeline import need_timeline
from wushe.oversight.services import refresh_indicators

pytestmark = pytest.mark.django_db


def last_entry(kind: str) -> JournalEntry:
    return JournalEntry.objects.filter(kind=kind).latest("seq")


def balances() -> dict[str, int]:
    return dict(Account.objects.exclude(balance=0).values_list("code", "balance"))


class TestEachStep:
    def test_a_need_is_recorded_in_the_words_of_the_resident(self) -> None:
        path = MainPath().walk("record")
        need = Need.objects.get()
        assert (need.state, need.person_id, need.area_code) == ("recorded", path.world.elder.pk, COMMUNITY)
        assert need.words == "腰疼，屋里好久没人打扫了"
        entry = last_entry("need.record")
        assert (entry.subject_id, entry.actor_id) == (need.pk, actor_of("community_worker").user_id)
        assert "打扫" not in str(entry.data)

    def test_triage_names_the_service_the_urgency_and_the_duty(self) -> None:
        need = MainPath().walk("triage").need
        assert (need.state, need.item.code, need.urgency, need.responsible_party) == (
            "triaged",
            "H501-01",
            "week",
            "society",
        )
        assert need.due_at is not None
        assert last_entry("need.triage").subject_id == need.pk

    def test_linking_says_who_and_with_which_money(self) -> None:
        path = MainPath().walk("link")
        linkage = Linkage.objects.get()
        assert path.need.state == "linked"
        assert (linkage.society, linkage.organisation_id, linkage.project_id, linkage.budget_line_id) == (
            "organisation", path.world.organisation.pk, path.project.pk, path.line.pk,
        )  # fmt: skip
        assert Account.objects.get(pk=path.line.account_id).balance == MONEY

    def test_the_order_carries_the_service_and_the_money_of_the_need(self) -> None:
        path = MainPath().walk("place")
        order = Order.objects.get()
        assert (order.state, order.item_id, order.budget_line_id) == ("placed", path.need.item_id, path.line.pk)
        assert order.leg_due_at is not None
        assert last_entry("order.place").subject_id == order.pk

    def test_sending_offers_it_to_each_organisation(self) -> None:
        path = MainPath().walk("send")
        assert path.order.state == "sent"
        assert sorted(Offer.objects.values_list("organisation_id", "answer")) == sorted(
            (one.pk, "open") for one in (path.world.organisation, path.world.second_organisation)
        )

    def test_the_first_to_accept_has_it_and_the_other_is_told(self) -> None:
        path = MainPath().walk("accept")
        order = Order.objects.get()
        assert (order.state, order.organisation_id) == ("accepted", path.world.organisation.pk)
        assert dict(Offer.objects.values_list("organisation_id", "answer")) == {
            path.world.organisation.pk: "accepted", path.world.second_organisation.pk: "lost",
        }  # fmt: skip
        path.need.refresh_from_db()
        assert path.need.state == "in_service"
        assert last_entry("order.accept").actor_id == actor_of("organisation_a").user_id

    def test_the_engine_proposes_and_nothing_is_promised_yet(self) -> None:
        path = MainPath().walk("plan")
        assert (path.proposal.state, path.proposal.summary["served"], path.proposal.seed) == ("proposed", 1, 7)
        assert (path.appointment.state, path.appointment.worker) == ("open", None)

    def test_a_person_confirms_and_the_carer_is_named(self) -> None:
        path = MainPath().walk("confirm")
        row = path.appointment
        assert (row.state, row.plan_id, row.day) == ("confirmed", path.proposal.pk, VISIT_DAY)
        assert row.worker in {path.world.carer, path.world.second_carer}
        assert row.planned_start is not None
        assert 540 <= row.planned_start <= 600
        assert row.reason["code"]

    def test_signing_in_begins_the_visit_at_the_door(self) -> None:
        path = MainPath().walk("sign_in")
        visit = Visit.objects.get()
        assert (visit.state, visit.start_distance, visit.worker_id) == ("started", 0, path.appointment.worker_id)
        assert path.appointment.state == "kept"
        assert visit.started_at == visit.start_received_at

    def test_evidence_is_kept_with_its_fingerprint(self) -> None:
        path = MainPath().walk("prove")
        kept = Evidence.objects.filter(visit=path.visit)
        assert kept.count() == path.need.item.photos + 1
        assert all(one.digest and one.file for one in kept)

    def test_signing_out_ends_it_with_its_minutes(self) -> None:
        path = MainPath().walk("sign_out")
        visit = Visit.objects.get()
        assert (visit.state, visit.minutes, visit.note) == ("ended", path.appointment.minutes, "厨房和卧室都打扫了")
        assert Check.objects.count() == 0

    def test_who_did_not_perform_accepts_and_order_and_need_are_fulfilled(self) -> None:
        path = MainPath().walk("check")
        visit, order, need = Visit.objects.get(), Order.objects.get(), Need.objects.get()
        check = Check.objects.get()
        assert (visit.state, order.state, order.visits_done, need.state) == ("accepted", "fulfilled", 1, "met")
        assert (check.state, check.decided_by) == ("accepted", actor_of("verifier").user_id)
        assert Settlement.objects.count() == 0
        assert path.appointment.state == "kept"

    def test_settling_pays_hours_and_money_from_the_line(self) -> None:
        path = MainPath().walk("settle")
        row = Settlement.objects.get()
        assert (row.state, row.paid_minutes, row.organisation_id) == (
            "settled", path.visit.minutes, path.world.organisation.pk
        )  # fmt: skip
        assert row.payable_fen == row.subsidy_fen + row.charity_fen + row.own_fen
        assert row.subsidy_fen > 0
        line = Account.objects.get(pk=path.line.account_id)
        assert line.balance == MONEY - row.subsidy_fen
        assert sum(leg.amount for leg in row.money_entry.legs.all()) == 0
        assert sum(leg.amount for leg in row.time_entry.legs.all()) == 0
        assert max(leg.amount for leg in row.time_entry.legs.all()) == row.paid_minutes
        assert faults() == []


class TestOthers:
    """The same steps by those whose steps they are not: refused, and nothing moves."""

    def test_b_cannot_take_what_a_has(self) -> None:
        path = MainPath().walk("accept")
        before = balances(), Order.objects.values().get()
        with pytest.raises(OfferGone):
            accept_order(
                actor=actor_of("organisation_b"), at=path.evening, order_id=path.order.pk,
                organisation_id=path.world.second_organisation.pk,
            )  # fmt: skip
        assert (balances(), Order.objects.values().get()) == before

    def test_the_stranger_sees_nothing_of_it(self) -> None:
        path = MainPath().walk("settle")
        with pytest.raises(NotFound):
            need_timeline(actor=actor_of("stranger"), need_id=path.need.pk, at=path.evening)

    def test_the_carer_cannot_accept_her_own_visit(self) -> None:
        path = MainPath().walk("sign_out")
        with pytest.raises(NotAllowed):
            accept_visit(actor=actor_of("carer"), at=path.evening, visit_id=path.visit.pk)
        assert Visit.objects.get().state == "ended"


def test_the_whole_chain() -> None:
    """From the door-knock to the figure of the manager; nothing is left hanging."""
    path = MainPath()
    assert sum(one.count for one in chain_breaks(path)) == 0
    path.walk("triage")
    assert open_breaks(path) == {"needs_without_project": 1}
    for step in (
        "link",
        "place",
        "send",
        "accept",
        "plan",
        "confirm",
        "sign_in",
        "prove",
        "sign_out",
        "check",
        "settle",
    ):
        getattr(path, step)()
    assert open_breaks(path) == {}
    refresh_indicators(actor=SYSTEM, at=path.evening, as_of=VISIT_DAY)
    counted = {
        one.indicator.code: one.numerator
        for one in figures(actor=actor_of("district_manager"), area_code=DISTRICT, as_of=VISIT_DAY)
    }
    expected = {
        "needs_recorded": 1, "needs_met": 1, "orders_accepted": 1, "visits_made": 1, "people_served": 1,
        "service_minutes": path.visit.minutes, "visits_passed": 1, "money_settled": Settlement.objects.get().payable_fen,
    }  # fmt: skip
    assert {code: counted[code] for code in expected} == expected
    assert journal_breaks() == []
    reads_right(path)


def reads_right(path: MainPath) -> None:
    """The need opens as its whole chain: who, when, why, and that nothing is left to do."""
    found = need_timeline(actor=actor_of("social_worker"), need_id=path.need.pk, at=path.evening)
    assert in_order(
        [step.stage for step in found.record],
        "need",
        "triage",
        "link",
        "order",
        "dispatch",
        "visit",
        "check",
        "settlement",
    )
    assert [step.at for step in found.record] == sorted(step.at for step in found.record)
    assert all(step.who and step.title for step in found.record)
    assert {mark.status for mark in found.stages} == {"done"}
    assert found.current == "done"
    line = found.orders[0].visits[0]
    assert (line.visit, line.settlement) == (path.visit, Settlement.objects.get())
    own = need_timeline(actor=actor_of("elder"), need_id=path.need.pk, at=path.evening)
    assert own.record == []
    assert own.orders[0].visits[0].check is None


def in_order(found: Iterable[str], *stages: str) -> bool:
    """Say whether every stage was reached, each for the first time after the one before it."""
    first = list(dict.fromkeys(found))
    return first == list(stages)


def chain_breaks(path: MainPath) -> list:
    found = breaks(actor=actor_of("district_manager"), area_code=DISTRICT, at=path.evening)
    return [one for one in found if one.kind.stage != "volunteer"]


def open_breaks(path: MainPath) -> dict[str, int]:
    return {one.kind.code: one.count for one in chain_breaks(path) if one.count}
