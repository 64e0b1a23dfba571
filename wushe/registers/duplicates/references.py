"""All that refers to a person and goes with the record when it is merged: one list, so that nothing is forgotten.

Named by their labels, because the floors above are not known here. A test compares the list with every foreign key
to a person that the product has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds a person's number; `where` narrows it where the column holds other numbers as well."""

    model: str
    column: str
    title: str
    where: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, person_id: int) -> "models.QuerySet[Any]":
        """Return the rows that refer to a person."""
        model: Any = apps.get_model(self.model)
        rows: models.QuerySet[Any] = model._base_manager.filter(**{self.column: person_id}, **self.where)
        return rows


FOLLOWING = (
    Reference("needs.Need", "person", "需求"),
    Reference("needs.Application", "person", "代办申请"),
    Reference("needs.Application", "relative", "作为代办人"),
    Reference("orders.Order", "person", "订单"),
    Reference("people.Tag", "person", "标签"),
    Reference("people.Relation", "person", "亲属"),
    Reference("people.Relation", "relative", "作为亲属"),
    Reference("people.Consent", "person", "知情同意"),
    Reference("people.Consent", "given_by", "代为同意"),
    Reference("people.Household", "head", "作为户主"),
    Reference("volunteers.Volunteer", "person", "志愿者档案"),
    Reference("volunteers.Volunteer", "guardian", "作为志愿者监护人"),
    Reference("workforce.Worker", "person", "服务岗位"),
    Reference("communities.Term", "person", "社区任职"),
    Reference("hotline.HotlineOrder", "person", "热线工单"),
    Reference("door_knock.Target", "person", "走访对象"),
    Reference("door_knock.TagProposal", "person", "走访提出的标签"),
    Reference("door_knock.ListLine", "person", "四张清单"),
    Reference("wishes.Wish", "person", "微心愿"),
    Reference("check_in.CheckIn", "person", "双报到"),
    Reference("judging.Question", "person", "坝坝会提问"),
    Reference("judging.Grade", "person", "居民评分"),
    Reference("children.ChildRecord", "person", "儿童档案"),
    Reference("due_visits.VisitPlan", "person", "定期探访"),
    Reference("due_visits.Pair", "person", "结对帮扶"),
    Reference("due_visits.Pair", "helper", "作为帮扶人"),
    Reference("volunteering.Attendee", "person", "参加的活动"),
    Reference("time_bank.Holding", "person", "时间银行账户"),
    Reference("time_bank.Earning", "person", "存入的时间"),
    Reference("time_bank.HelpRequest", "person", "时间银行求助"),
    Reference("time_bank.HelpRequest", "for_person", "为其求助"),
    Reference("time_bank.HelpRequest", "helper", "作为帮助人"),
    Reference("time_bank.Gift", "person", "转出的时间"),
    Reference("time_bank.Gift", "receiver", "收到的时间"),
    Reference("time_bank.SentWire", "person", "行间转出"),
    Reference("projects.OutcomeReading", "person", "项目前后测量"),
    Reference("charity.CommitteeSeat", "person", "基金委员"),
    Reference("charity.Declaration", "person", "利益申报"),
    Reference("charity.Expense", "payee_person", "慈善收款"),
    Reference("goods.Handout", "recipient", "领取物资"),
    Reference("access.Grant", "holder_id", "登录身份", {"role_code": "resident"}),
)
# The records about merging itself stay with the record that they name.
STAYING = frozenset(
    {
        ("people.Person", "merged_into"),
        ("duplicates.Ticket", "first"),
        ("duplicates.Ticket", "second"),
        ("duplicates.Merge", "survivor"),
        ("duplicates.Merge", "absorbed"),
    }
)

Moved = list[list[Any]]


def move_references(*, absorbed_id: int, survivor_id: int) -> tuple[Moved, int]:
    """Let every row that refers to one person refer to the other; return the rows, and how many stay behind.

    A row stays if the other person has the same already (an open category, a relation), or if it ties the two records
    to each other.
    """
    moved: Moved = []
    stayed = 0
    for reference in FOLLOWING:
        for pk in list(reference.rows(absorbed_id).order_by("pk").values_list("pk", flat=True)):
            if _point(reference.model, reference.column, pk, survivor_id):
                moved.append([reference.model, reference.column, pk])
            else:
                stayed += 1
    return moved, stayed


def return_references(moved: Moved, *, survivor_id: int, absorbed_id: int) -> int:
    """Let the rows that were moved refer to the first person again, unless they refer elsewhere by now."""
    count = 0
    for label, column, pk in reversed(moved):
        still = apps.get_model(label)._base_manager.filter(pk=pk, **{column: survivor_id})
        count += still.update(**{column: absorbed_id})
    return count


def counts_of(*, person_id: int) -> list[tuple[str, int]]:
    """Return how much of each kind would follow a person."""
    return [(reference.title, reference.rows(person_id).count()) for reference in FOLLOWING]


def _point(label: str, column: str, pk: int, person_id: int) -> bool:
    try:
        with transaction.atomic():
            apps.get_model(label)._base_manager.filter(pk=pk).update(**{column: person_id})
    except IntegrityError:
        return False
    return True
