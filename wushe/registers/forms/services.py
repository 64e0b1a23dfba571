"""Make forms: a draft is edited, published whole, and from then on only followed by a next version."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain

from .models import Form, FormVersion, VersionState
from .questions import Question, faults_of, tidied
from .workflow import FORM_VERSION

MOST_FAULTS = 8


class FormEnded(Conflict):
    """The form is no longer in use."""

    message = "这张表已经停用，不能再编辑。"


@domain_call("forms:edit")
def create_form(
    *, actor: Actor, at: datetime, title: str, lead: str = "", area_code: str = "",
    questions: Sequence[Mapping[str, Any]] = (), source: str = "",
) -> FormVersion:  # fmt: skip
    """Begin a form with its first draft; raise Invalid without a title, for one that is taken or a place elsewhere."""
    title, area_code = title.strip(), area_code or actor.area_code
    if not title:
        raise Invalid(fields={"title": "请填写表名。"})
    if not covers(actor, area_code):
        raise Invalid(fields={"area_code": "请选择本辖区内的地方。"})
    form = Form(title=title[:60], lead=lead.strip()[:200], area_code=area_code, made_at=at, made_by=actor.user_id)
    try:
        with transaction.atomic():
            form.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(fields={"title": "已有同名的表，请换一个名字，或在原来那张表上出新版。"}) from error
    record(kind="form.create", subject=form, actor=actor, at=at)
    return _draft(actor, at, form, tidied(questions), source)


@domain_call("forms:edit")
def begin_version(*, actor: Actor, at: datetime, form_id: int) -> FormVersion:
    """Return the draft of a form; where there is none, a new one with the questions of the last version."""
    form = _living(actor, form_id)
    draft = form.versions.filter(state=VersionState.DRAFT).first()
    if draft is not None:
        return draft
    last = form.versions.order_by("-number").first()
    return _draft(actor, at, form, last.questions if last else [], "")


@domain_call("forms:edit")
def save_questions(
    *, actor: Actor, at: datetime, form_id: int, questions: Sequence[Mapping[str, Any]], source: str = ""
) -> FormVersion:
    """Keep the questions of the draft as they are, finished or not; raise Conflict if there is no draft."""
    form = _living(actor, form_id)
    draft = form.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        raise Conflict("这张表没有正在编辑的版本，请先出新版。")
    draft.questions, draft.source = tidied(questions), source[:60] or draft.source
    draft.save(update_fields=["questions", "source"])
    record(kind="form_version.edit", subject=draft, actor=actor, at=at, data={"questions": len(draft.questions)})
    return draft


@domain_call("forms:edit")
def publish_version(*, actor: Actor, at: datetime, form_id: int) -> FormVersion:
    """Publish the draft of a form in place of the version before it.

    Raises Conflict without a draft, and Invalid with what is wrong with its questions.
    """
    form = _living(actor, form_id)
    draft = form.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        raise Conflict("这张表没有正在编辑的版本，请先出新版。")
    if faults := faults_of(draft.questions):
        more = f" 另外还有{len(faults) - MOST_FAULTS}处。" if len(faults) > MOST_FAULTS else ""
        raise Invalid("还不能发布。" + " ".join(faults[:MOST_FAULTS]) + more)
    before = form.versions.filter(state=VersionState.PUBLISHED).first()
    if before is not None:
        FORM_VERSION.move(before, "replace", actor=actor, at=at)
    changes = {"published_at": at, "digest": digest_of(draft.questions)}
    FORM_VERSION.move(draft, "publish", actor=actor, at=at, changes=changes, data={"number": draft.number})
    return draft


@domain_call("forms:edit")
def end_form(*, actor: Actor, at: datetime, form_id: int) -> Form:
    """Take a form out of use for new work; what was asked with it stays readable."""
    form = _living(actor, form_id)
    form.ended_on = timezone.localdate(at)
    form.save(update_fields=["ended_on"])
    record(kind="form.end", subject=form, actor=actor, at=at)
    return form


def digest_of(questions: Sequence[Question]) -> str:
    """Return a digest of the questions: the same text on every machine."""
    return sha256(json.dumps(questions, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _living(actor: Actor, form_id: int) -> Form:
    form = obtain(Form, actor, pk=form_id)
    if form.ended_on:
        raise FormEnded
    return form


def _draft(actor: Actor, at: datetime, form: Form, questions: list[Question], source: str) -> FormVersion:
    last = form.versions.order_by("-number").first()
    version = FormVersion(
        form=form, number=last.number + 1 if last else 1, questions=questions, made_at=at, source=source[:60]
    )
    FORM_VERSION.start(version, event="begin", actor=actor, at=at, data={"form": form.pk})
    return version
