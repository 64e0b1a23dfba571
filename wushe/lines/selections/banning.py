"""Bans: who broke a contract may not apply for years; another hand may lift it, with a reason."""

from datetime import datetime, timedelta

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, SecondPerson
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain
from wushe.registers.organisations.models import Organisation

from .deciding import DECIDE
from .models import Ban
from .screening import standing_bans

YEAR = timedelta(days=365)


@domain_call(DECIDE)
def ban_organisation(
    *, actor: Actor, at: datetime, organisation_id: int, area_code: str, reason: str, client_key: str = ""
) -> Ban:
    """Keep an organisation from applying in a region for the preset's years.

    Raises Invalid without a reason, for a place outside the actor's, for one that is not in the register, Conflict for one
    that is barred there already.
    """
    today = timezone.localdate(at)
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    faults = {}
    if organisation is None:
        faults["organisation_id"] = "请从登记册里选择机构。"
    if not 4 <= len(reason.strip()) <= 200:
        faults["reason"] = "请写明违约或失信的情况（4到200个字）。"
    if not area_code.startswith(actor.area_code):
        faults["area_code"] = "请选择本辖区内的地方。"
    if faults or organisation is None:
        raise Invalid(fields=faults)
    if standing_bans(on=today).filter(organisation=organisation, area_code=area_code).exists():
        raise Conflict("这家机构在这里已经被禁止申报。")
    years = int(preset("selections.ban.years", area_code=area_code, on=today))
    ban = Ban.objects.create(
        organisation=organisation, area_code=area_code, reason=reason.strip(), starts_on=today,
        ends_on=today + YEAR * years, made_by=actor.user_id,
    )  # fmt: skip
    record(kind="ban.make", subject=ban, actor=actor, at=at, data={"organisation": organisation.pk})
    return ban


@domain_call(DECIDE)
def lift_ban(*, actor: Actor, at: datetime, ban_id: int, reason: str) -> Ban:
    """End a ban before its day, by another hand; raises NotFound, SecondPerson, Conflict if it has ended, Invalid."""
    ban, today = obtain(Ban, actor, pk=ban_id), timezone.localdate(at)
    if ban.made_by == actor.user_id:
        raise SecondPerson("登记的人不能自己解除，请由另一个人办理。")
    reason = said(reason, "reason", least=4, most=200, ask="请写明为什么提前解除")
    changes = {"lifted_on": today, "lifted_by": actor.user_id, "lifted_reason": reason}
    if not standing_bans(on=today).filter(pk=ban.pk).update(**changes):
        raise Conflict("已经解除或到期。")
    ban.refresh_from_db()
    record(kind="ban.lift", subject=ban, actor=actor, at=at, data={"organisation": ban.organisation_id})
    return ban
