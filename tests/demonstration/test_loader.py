"""The demonstration district: the public totals, invented people, and books and journal that hold."""

from datetime import UTC, datetime

import pytest

from tests.factories.ledgers import faults_of_many
from wushe.chain.dispatch.models import Appointment, AppointmentState, Plan, PlanState
from wushe.chain.needs.models import Need
from wushe.chain.orders.models import Offer
from wushe.chain.projects.models import Project
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.visits.models import Visit, VisitState
from wushe.demonstration.loader import load
from wushe.foundation.access.models import Grant, User
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks
from wushe.ledgers.models import Account
from wushe.registers.areas.models import Area
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker

A_TUESDAY_AT_TEN = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_district_is_as_the_sources_say_and_holds_together() -> None:
    """Loaded once, for it takes most of a minute; looked at from all sides."""
    load(now=A_TUESDAY_AT_TEN, say=lambda _: None)
    _has_the_public_totals()
    _holds_no_number_that_somebody_could_have()
    _has_a_history_whose_journal_and_books_are_whole()
    _journals_what_real_calls_would()
    _has_a_confirmed_plan_for_today_that_serves_nearly_everyone()
    _has_a_log_in_for_each_role()


def _has_the_public_totals() -> None:
    assert Area.objects.filter(level=12, urban=True).count() == 35
    assert Organisation.objects.filter(kind__in=["social_organisation", "charity", "social_enterprise"]).count() == 41
    # What a selection has brought since comes on top of the published number.
    assert Project.objects.filter(proposal=None).exclude(title__endswith="居家养老服务补贴").count() == 58
    assert Person.objects.count() == 20_000
    assert Volunteer.objects.count() == 1_500
    assert Worker.objects.filter(kind__in=["paid_carer", "social_worker"]).count() == 150


def _holds_no_number_that_somebody_could_have() -> None:
    for person in Person.objects.exclude(id_number_index="")[:500]:
        assert person.id_number.reveal()[14:17] == "000"
    for person in Person.objects.exclude(phone_index="")[:500]:
        assert person.phone.reveal().startswith("100")
    assert not Person.objects.filter(demonstration=False).exists()


def _has_a_history_whose_journal_and_books_are_whole() -> None:
    assert Visit.objects.filter(state=VisitState.SETTLED).count() > 8_000
    assert Need.objects.count() > 1_500
    assert breaks() == []
    assert faults_of_many() == []
    assert sum(Account.objects.filter(unit="fen").values_list("balance", flat=True)) == 0
    assert Settlement.objects.filter(state=SettlementState.DUE).exclude(blocked_by="").exists()


def _journals_what_real_calls_would() -> None:
    """A row of the history says as much as the row of the service would, so that no timeline is thin."""
    told = {
        "need.record": {"channel", "person"}, "need.triage": {"item", "urgency", "party"},
        "linkage.link": {"society", "organisation", "line", "resource", "reason"}, "order.place": {"need", "visits"},
        "order.send": {"round", "organisations"}, "order.accept": {"organisation"},
        "offer.refuse": {"organisation"}, "appointment.open": {"order", "day"},
        "appointment.confirm": {"worker", "start"}, "visit.start": {"appointment"}, "visit.end": {"minutes"},
        "check.open": {"visit", "score", "picked_for"}, "check.accept": {"visit"},
    }  # fmt: skip
    for kind, keys in told.items():
        rows = JournalEntry.objects.filter(kind=kind).values_list("data", flat=True)
        assert rows, kind
        assert all(keys <= data.keys() for data in rows), kind
    assert not JournalEntry.objects.filter(kind="visit.start", actor_id=0).exists(), "a carer signs in, not the system"
    assert Offer.objects.filter(
        answer="open", organisation_id=Grant.objects.get(user__username="jigou").organisation_id
    ).exists(), "the organisation that visitors try has something to answer"


def _has_a_confirmed_plan_for_today_that_serves_nearly_everyone() -> None:
    plan = Plan.objects.get(state=PlanState.CONFIRMED)
    assert plan.summary["served"] >= 0.8 * plan.summary["visits"]
    assert Appointment.objects.filter(plan=plan, state=AppointmentState.CONFIRMED).exists()


def _has_a_log_in_for_each_role() -> None:
    names = {"shequ", "shegong", "diaodu", "jigou", "huli", "zhiyuan", "jumin", "zhikong", "jiesuan", "cishan",
             "jiedao", "quju", "shenji", "zhanghao"}  # fmt: skip
    assert {u.username for u in User.objects.filter(username__in=names) if u.check_password("wushe2026")} == names
