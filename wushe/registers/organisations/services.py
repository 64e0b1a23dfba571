"""Keep the register of organisations; a unified social credit code (GB 32100) carries a check character."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from stdnum.cn import uscc as social_credit
from stdnum.exceptions import ValidationError

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain
from wushe.registers.areas.selectors import in_force

from .models import Organisation, OrganisationKind, Standing


class CreditCodeTaken(Invalid):
    """Another organisation holds this code."""

    def __init__(self) -> None:
        super().__init__(fields={"uscc": "这个统一社会信用代码已登记在另一家组织名下。"})


@domain_call("organisations:edit")
def register_organisation(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    kind: str,
    standing: str,
    area_code: str,
    uscc: str = "",
    serves: Sequence[str] = (),
    takes_orders: bool = False,
    grade: str = "",
    hub: bool = False,
    joined_on: date | None = None,
) -> Organisation:
    """Register an organisation seated in the actor's area.

    A registered one needs its credit code; others may lack it. Raises Invalid beside each field at fault,
    CreditCodeTaken.
    """
    code = _compact(uscc)
    here = in_force(on=timezone.localdate(at))
    faults = _faults(name, kind, standing, code)
    if not covers(actor, area_code) or not here.filter(area_code=area_code).exists():
        faults["area_code"] = "请选择本辖区内的街道或社区。"
    if here.filter(area_code__in=serves).count() != len(set(serves)):
        faults["serves"] = "服务区划里有不认识的区划代码。"
    if faults:
        raise Invalid(fields=faults)
    if code and Organisation.objects.filter(uscc=code).exists():
        raise CreditCodeTaken
    organisation = Organisation.objects.create(
        name=name.strip(), kind=kind, standing=standing, area_code=area_code, uscc=code, grade=grade, hub=hub,
        serves=list(serves), takes_orders=takes_orders, joined_on=joined_on or timezone.localdate(at),
    )  # fmt: skip
    record(kind="organisation.register", subject=organisation, actor=actor, at=at, data={"kind": kind})
    return organisation


@domain_call("organisations:edit")
def leave(*, actor: Actor, at: datetime, organisation_id: int, left_on: date) -> Organisation:
    """Record that an organisation leaves on a day; it takes no more orders. Raises NotFound, Invalid."""
    organisation = obtain(Organisation, actor, pk=organisation_id)
    if organisation.joined_on and left_on < organisation.joined_on:
        raise Invalid(fields={"left_on": "退出日期不能早于入驻日期。"})
    organisation.left_on, organisation.takes_orders = left_on, False
    organisation.save(update_fields=["left_on", "takes_orders"])
    record(kind="organisation.leave", subject=organisation, actor=actor, at=at)
    return organisation


def is_credit_code(code: str) -> bool:
    """Say whether a code has 18 characters and the right check character."""
    try:
        social_credit.validate(code)
    except ValidationError:
        return False
    return True


def _compact(code: str) -> str:
    return "".join(code.split()).upper()


def _faults(name: str, kind: str, standing: str, code: str) -> dict[str, str]:
    wrong_code = "统一社会信用代码有误：应为18位，请对照登记证书核对。"
    checks = {
        "name": (2 <= len(name.strip()) <= 80, "请填写组织名称（2到80个字）。"),
        "kind": (kind in OrganisationKind.values, "请选择类型。"),
        "standing": (standing in Standing.values, "请选择登记情况。"),
        "uscc": (
            is_credit_code(code) if code else standing != Standing.REGISTERED,
            wrong_code if code else "已登记的组织请填写统一社会信用代码。",
        ),
    }
    return {field: message for field, (right, message) in checks.items() if not right}
