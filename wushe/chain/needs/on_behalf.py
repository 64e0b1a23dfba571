"""Apply for somebody else: accepted at once on a ground that is on record, otherwise kept until the person was asked."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.presets.selectors import preset
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain
from wushe.registers.people.consents import give_consent, notice_for
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.services import person_in_scope

from .basis import NoBasis, standing_consent, stands_near
from .models import Application, Basis, Channel, Need
from .services import MOST_WORDS, record_need
from .workflow import APPLICATION

RIGHT = "needs:record"


@domain_call(RIGHT)
def apply_on_behalf(
    *, actor: Actor, at: datetime, person_id: int, words: str, relative_id: int | None = None, applicant_name: str = "",
    tie: str = "", asker_name: str = "", client_key: str = "",
) -> Application:  # fmt: skip
    """Take what somebody asks for another person; the same client key again gives the same application.

    With a ground on record it is a need at once. Without one it waits, with the name of who asks the person and until
    when. Raises NotFound for a person out of scope, Invalid.
    """
    person = person_in_scope(actor=actor, person_id=person_id)
    bond = person.relations.select_related("relative").filter(relative_id=relative_id or 0).first()
    name, faults = (bond.relative.name if bond else applicant_name.strip()), {}
    if relative_id and bond is None:
        faults["relative_id"] = "请从登记的亲属里选。"
    elif not 2 <= len(name) <= 40:
        faults["applicant_name"] = "请写明谁来代办（2到40个字）。"
    if not words.strip():
        faults["words"] = "请写下需要什么。"
    elif len(words.strip()) > MOST_WORDS:
        faults["words"] = f"内容太长，请控制在{MOST_WORDS}字以内。"
    if faults:
        raise Invalid(fields=faults)
    allowed = preset("needs.deadline.first_contact", area_code=person.area_code, on=timezone.localdate(at))
    application = Application(
        person=person, area_code=person.area_code, relative=bond.relative if bond else None, applicant_name=name[:40],
        tie=bond.get_kind_display() if bond else tie.strip()[:40], words=words.strip(), applied_at=at,
        asker_name=(asker_name.strip() or actor.name or "社区工作者")[:40], ask_by=at + timedelta(minutes=int(allowed)),
    )  # fmt: skip

    def effect() -> dict[str, Any]:
        APPLICATION.start(application, event="apply", actor=actor, at=at, data={"person": person.pk})
        if _has_basis(application, at):
            _accept(application, actor=actor, at=at)
        return {"application": application.pk}

    body = {"person": person.pk, "words": application.words, "relative": relative_id, "applicant": name}
    answer = once(actor=actor, at=at, key=client_key, call="needs.apply_on_behalf", body=body, effect=effect)
    return Application.objects.get(pk=answer["application"])


@domain_call(RIGHT)
def accept_application(*, actor: Actor, at: datetime, application_id: int) -> Application:
    """Make a need of an application whose ground is on record by now; raises NotFound, NoBasis, MoveNotAllowed."""
    application = obtain(Application.objects.select_related("person"), actor, pk=application_id)
    APPLICATION.edge(application.state, "accept")
    if not _has_basis(application, at):
        raise NoBasis
    _accept(application, actor=actor, at=at)
    return application


@domain_call("people:edit")
def note_agreement(*, actor: Actor, at: datetime, application_id: int, given_by_id: int) -> Application:
    """Record that the person agreed, under the notice in force, and make a need of what was asked.

    Raises NotFound, Invalid for who may not agree for the person, MoveNotAllowed.
    """
    application = obtain(Application.objects.select_related("person"), actor, pk=application_id)
    APPLICATION.edge(application.state, "accept")
    person = application.person
    if standing_consent(person=person, at=at) is None:
        give_consent(
            actor=actor, at=at, person_id=person.pk, purpose=ConsentPurpose.ON_BEHALF, given_by_id=given_by_id,
            notice_version=notice_for(person, on=timezone.localdate(at)),
        )  # fmt: skip
    _accept(application, actor=actor, at=at)
    return application


@domain_call(RIGHT)
def note_refusal(*, actor: Actor, at: datetime, application_id: int, outcome: str) -> Application:
    """Record that the person does not want it; raises NotFound, Invalid without words, MoveNotAllowed."""
    application = obtain(Application, actor, pk=application_id)
    outcome = said(outcome, "outcome", most=200, ask="请写明怎么问的、本人怎么说")
    APPLICATION.move(application, "refuse", actor=actor, at=at, changes={"outcome": outcome})
    return application


@domain_call(RIGHT)
def hand_on(*, actor: Actor, at: datetime, application_id: int, asker_name: str) -> Application:
    """Let somebody else ask the person; raises NotFound, Invalid, MoveNotAllowed."""
    application = obtain(Application, actor, pk=application_id)
    asker_name = said(asker_name, "asker_name", most=40, ask="请写明谁去问")
    APPLICATION.move(application, "hand_on", actor=actor, at=at, changes={"asker_name": asker_name})
    return application


def _has_basis(application: Application, at: datetime) -> bool:
    person = application.person
    return (
        stands_near(person=person, relative_id=application.relative_id)
        or standing_consent(person=person, at=at) is not None
    )


def _accept(application: Application, *, actor: Actor, at: datetime) -> None:
    """Make the need; `record_need` looks at the ground once more."""
    person, relative = application.person, application.relative_id
    need: Need = record_need(
        actor=actor,
        at=at,
        person_id=person.pk,
        channel=Channel.ON_BEHALF,
        words=application.words,
        relative_id=relative,
    )
    near = stands_near(person=person, relative_id=relative)
    changes = {
        "need": need, "basis": Basis.RELATION if near else Basis.CONSENT,
        "consent": None if near else standing_consent(person=person, at=at),
    }  # fmt: skip
    APPLICATION.move(
        application, "accept", actor=actor, at=at, changes=changes, data={"need": need.pk, "basis": changes["basis"]}
    )
