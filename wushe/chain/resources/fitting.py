"""What may answer a need: an organisation that serves there, money of a project that covers it, a resource in time."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from wushe.chain.needs.models import Need
from wushe.chain.projects.models import BudgetLine, Project, ProjectState
from wushe.chain.projects.selectors import projects_for
from wushe.foundation.errors import Conflict, Invalid
from wushe.registers.organisations.models import Organisation

from .models import Resource, Society


class MoneyShort(Conflict):
    """The budget line does not hold the price of one service."""

    message = "这笔资金的余额不够支付一次服务，请换一个科目或先追加预算。"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose for a need, by ids."""

    society: str
    organisation_id: int | None
    project_id: int | None
    budget_line_id: int | None
    resource_id: int | None
    quantity: int


@dataclass(slots=True)
class Answer:
    """What was chosen, looked up."""

    organisation: Organisation | None = None
    project: Project | None = None
    line: BudgetLine | None = None
    resource: Resource | None = None
    quantity: int = 0


def fit(need: Need, wish: Wish, *, today: date) -> Answer:
    """Return what was chosen; raise Invalid with all faults at once, or MoneyShort."""
    faults: dict[str, str] = {}
    answer = Answer()
    if wish.society not in Society.values:
        faults["society"] = "请选择由五社中的哪一方来做。"
    _fit_organisation(need, wish, answer, faults)
    _fit_money(need, wish, answer, faults)
    _fit_resource(need, wish, answer, faults, today)
    if wish.society == Society.CHARITY and not (answer.resource or answer.line) and not faults:
        faults["society"] = "由慈善资源来做，请选择一项资源或一笔资金。"
    if faults:
        raise Invalid(fields=faults)
    if answer.line and need.item and answer.line.account.balance < max(1, need.item.price_fen):
        raise MoneyShort
    return answer


def usable(today: date) -> Q:
    """Return the condition for resources that may be used on a day."""
    return Q(withdrawn_on=None, available_from__lte=today) & (Q(available_until=None) | Q(available_until__gte=today))


def _fit_organisation(need: Need, wish: Wish, answer: Answer, faults: dict[str, str]) -> None:
    by_organisation = wish.society == Society.ORGANISATION
    answer.organisation = Organisation.objects.filter(pk=wish.organisation_id or 0, left_on=None).first()
    if answer.organisation is None and (by_organisation or wish.organisation_id):
        faults["organisation_id"] = "请选择承接的社会组织。"
    elif answer.organisation and by_organisation and not _serves(answer.organisation, need):
        faults["organisation_id"] = f"{answer.organisation.name}的服务范围不包括这里。"


def _fit_money(need: Need, wish: Wish, answer: Answer, faults: dict[str, str]) -> None:
    if wish.project_id:
        answer.project = projects_for(area_code=need.area_code).filter(pk=wish.project_id).first()
        if answer.project is None:
            faults["project_id"] = "这个项目不覆盖这里，或还没有批准。"
    if wish.budget_line_id:
        lines = BudgetLine.objects.select_related("project", "account")
        answer.line = lines.filter(pk=wish.budget_line_id).first()
        if answer.line is None or not _pays_here(answer.line, need, answer.project):
            faults["budget_line_id"] = "这个科目不属于覆盖本地、正在实施的项目，请重新选择。"
        elif answer.project is None:
            answer.project = answer.line.project


def _fit_resource(need: Need, wish: Wish, answer: Answer, faults: dict[str, str], today: date) -> None:
    if not wish.resource_id:
        return
    resource = Resource.objects.filter(usable(today), pk=wish.resource_id).first()
    if resource is None or not need.area_code.startswith(resource.area_code):
        faults["resource_id"] = "这项资源不在使用期内，或不在本地范围。"
    elif wish.quantity < 1:
        faults["resource_quantity"] = "请填写使用数量，至少为1。"
    else:
        answer.resource, answer.quantity = resource, wish.quantity


def _serves(organisation: Organisation, need: Need) -> bool:
    return organisation.takes_orders and any(need.area_code.startswith(prefix) for prefix in organisation.serves)


def _pays_here(line: BudgetLine, need: Need, project: Project | None) -> bool:
    """Say whether a line belongs to a running project that covers the need's place (and is the one named)."""
    own = line.project
    covers = own.state == ProjectState.RUNNING and need.area_code.startswith(own.area_code)
    return covers and (project is None or project.pk == own.pk)
