"""Keep donors: who gives, how they wish to be named, and how they are reached."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain
from wushe.registers.desk.changes import amend
from wushe.registers.desk.ending import end_on, put_back
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.identity import is_phone, normalise_phone, phone_tail_index

from .models import Donor, DonorKind

CHANGEABLE = frozenset({
    "name", "kind", "area_code", "organisation_id", "unnamed", "contact_name", "contact_phone", "wishes",
})  # fmt: skip


class HasEnded(Conflict):
    """The donor gives no more."""

    message = "这位捐赠人已经停止。"


@domain_call("resources:edit")
def enter_donor(
    *, actor: Actor, at: datetime, name: str, kind: str, area_code: str, client_key: str = "", **more: Any
) -> Donor:
    """Enter a donor at a place of the actor's area; `more` are other fields of CHANGEABLE.

    Raises Invalid beside each field at fault, NotFound for an organisation out of scope.
    """
    donor = Donor(since=timezone.localdate(at))
    _set(donor, {"name": name, "kind": kind, "area_code": area_code, **more}, actor=actor)

    def effect() -> dict[str, Any]:
        _refuse_second_entry(donor)
        donor.save(force_insert=True)
        record(kind="donor.enter", subject=donor, actor=actor, at=at, data={"kind": kind})
        return {"donor": donor.pk}

    body = {"kind": kind, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="donors.enter", body=body, effect=effect)
    return Donor.objects.get(pk=answer["donor"])


@domain_call("resources:edit")
def update_donor(*, actor: Actor, at: datetime, donor_id: int, changes: Mapping[str, Any]) -> Donor:
    """Change what is named of a donor; raise NotFound out of scope, HasEnded, and what enter_donor raises."""
    donor = obtain(Donor, actor, pk=donor_id)
    if donor.ended_on:
        raise HasEnded
    if said := _set(donor, changes, actor=actor):
        _refuse_second_entry(donor)
        donor.save()
        record(kind="donor.update", subject=donor, actor=actor, at=at, data=said)
    return donor


@domain_call("resources:edit")
def end_donor(*, actor: Actor, at: datetime, donor_id: int, ended_on: date) -> Donor:
    """Record that a donor gives no more from a day on; raise NotFound out of scope, HasEnded, Invalid."""
    donor = obtain(Donor, actor, pk=donor_id)
    if donor.ended_on:
        raise HasEnded
    early = "停止日期不能早于登记日期。"
    end_on(donor, "ended_on", ended_on, kind="donor.end", since=donor.since, early=early, actor=actor, at=at)
    return donor


@domain_call("resources:edit")
def return_donor(*, actor: Actor, at: datetime, donor_id: int) -> Donor:
    """Take back that a donor stopped; raise NotFound out of scope, Conflict if they did not."""
    donor = obtain(Donor, actor, pk=donor_id)
    put_back(donor, "ended_on", kind="donor.return", standing="这位捐赠人没有停止。", actor=actor, at=at)
    return donor


def _set(donor: Donor, given: Mapping[str, Any], *, actor: Actor) -> dict[str, Any]:
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of a donor: {sorted(unknown)}")
    if given.get("organisation_id"):
        obtain(Organisation.objects.filter(left_on=None), actor, pk=given["organisation_id"])
    values = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    telephone = normalise_phone(values.pop("contact_phone", "") or "")
    said = amend(donor, values)
    said.get("changes", {}).pop("name", None)
    checks = {
        "name": (2 <= len(donor.name) <= 80, "请填写名称或姓名（2到80个字）。"),
        "kind": (donor.kind in DonorKind.values, "请选择类型。"),
        "area_code": ("area_code" not in given or covers(actor, donor.area_code), "请选择本辖区内的地方。"),
        "organisation_id": (not donor.organisation_id or donor.kind != DonorKind.PERSON, "个人捐赠人不对应组织。"),
        "contact_phone": (not telephone or is_phone(telephone), "电话号码不对：手机为11位，座机请带区号。"),
        "contact_name": (len(donor.contact_name) <= 40, "联系人请写在40字以内。"),
        "wishes": (len(donor.wishes) <= 200, "捐赠意愿请写在200字以内。"),
    }  # fmt: skip
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    if telephone:
        donor.contact_phone, donor.phone_tail_index = telephone, phone_tail_index(telephone)
    donor.initials = initials_of_title(donor.name)
    personal = sorted(name for name in ("name", "contact_phone") if given.get(name))
    return said | ({"fields": sorted({*said.get("fields", []), *personal})} if personal and donor.pk else {})


def _refuse_second_entry(donor: Donor) -> None:
    """Raise Invalid if another donor stands for the same organisation; asked when one is written."""
    same = Donor.objects.filter(organisation_id=donor.organisation_id or 0, ended_on=None).exclude(pk=donor.pk)
    if donor.organisation_id and same.exists():
        raise Invalid(fields={"organisation_id": "这家组织已经登记为捐赠人。"})
