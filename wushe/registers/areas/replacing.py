"""Which records go along when the code of a place changes, and which keep the code under which they happened.

People, organisations and work that can still be done follow the place, so that the desk that is now responsible sees
them. What has been settled, counted or written into the journal stays what it was. A test compares both lists with
every model that stands in an area.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from wushe.foundation.scope import within

FOLLOWING = (
    "people.Person", "people.Household", "organisations.Organisation", "workforce.Worker", "volunteers.Team",
    "volunteers.Volunteer", "volunteers.Post", "facilities.Facility", "communities.Seat", "donors.Donor", "duplicates.Ticket",
    "access.Grant", "needs.Need", "needs.Application", "projects.Project", "resources.Resource", "resources.Linkage", "orders.Order",
    "orders.CancelRequest", "dispatch.Appointment", "visits.Visit", "verification.Check", "verification.CallBack",
    "forms.Form", "door_knock.Campaign", "door_knock.Target", "door_knock.ListLine", "hotline.HotlineOrder",
    "children.ChildRecord",
    "hotline.MonthlyTopic", "volunteering.Activity", "volunteering.Shift", "time_bank.HelpRequest", "time_bank.Holding",
    "charity.Fund", "charity.Expense", "charity.BookQuestion",
    "wishes.Wish",
    "selections.Selection", "selections.Proposal", "selections.Ban",
    "scouts.Lead",
    "grid.GridCase",
    "check_in.CheckIn",
    "judging.Meeting", "judging.Question",
    "goods.Article", "goods.Shelf", "goods.Batch", "goods.Position", "goods.Distribution", "goods.Handout", "goods.StockCount",
    "goods.WriteOff", "goods.Recall",
    "payments.PayeeAccount", "payments.Statement", "payments.PaymentBatch", "payments.Payment", "payments.BankFile",
    "payments.BankLine", "payments.HoldRelease",
    "due_visits.VisitPlan", "due_visits.Pair", "due_visits.NoAnswer", "due_visits.CarePeriod",
)  # fmt: skip
STAYING = (
    "areas.Area", "communities.Community", "journal.JournalEntry", "ledgers.Account", "dispatch.Plan", "dispatch.PlanSearch",
    "settlement.Settlement", "settlement.SettlementRun", "oversight.IndicatorValue", "rounds.ImportRound", "rounds.HeadingMemory",
    "needs.TriageChoice", "volunteering.HourRecord", "volunteering.Certificate", "time_bank.Bank", "time_bank.Earning",
    "children.DangerReport",
    "judging.Grade",
    "time_bank.Gift", "time_bank.SentWire", "time_bank.ReceivedWire", "charity.Donation",
)  # fmt: skip


def replace_codes(codes: Mapping[str, str]) -> int:
    """Move what stands under each old code, and deeper, to the new one; return how many records were moved."""
    count = 0
    for old in sorted(codes, key=len, reverse=True):
        new_code = Concat(Value(codes[old]), Substr(F("area_code"), len(old) + 1))
        for label in FOLLOWING:
            rows: Any = apps.get_model(label)._base_manager.filter(within(old))
            count += rows.update(area_code=new_code)
    return count


def replace_of_people(person_ids: list[int], *, old: str, new: str) -> int:
    """Move what belongs to these people and stands under the old code; return how many records were moved."""
    count = 0
    for label in FOLLOWING:
        model: Any = apps.get_model(label)
        if any(column.name == "person" for column in model._meta.get_fields()):
            count += model._base_manager.filter(within(old), person__in=person_ids).update(area_code=new)
    return count
