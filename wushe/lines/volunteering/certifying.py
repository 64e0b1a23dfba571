"""Certificates of service by Order 67: asked for, accepted, put on notice, in force; with a number that anybody can check.

民政部令第67号: true, complete, free of charge; who organises records, who records certifies. 申请 → 受理 → 公示 → 生效.
"""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.documents.render import pdf, qr
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.presets.selectors import preset
from wushe.foundation.quantities import show_minutes
from wushe.foundation.scope import obtain, visible
from wushe.registers.volunteers.models import Volunteer

from .models import Certificate, HourRecord, Message
from .own import own_volunteer
from .states import CertificateState, HourState, Origin
from .telling import tell
from .workflow import CERTIFICATE

PRINTED_LINES = 200
_ISSUER_FIELDS = {"issuer": "开具单位", "in_charge": "负责人", "handler": "经办人", "contact": "联系电话"}
GIVEN = (CertificateState.POSTED, CertificateState.ISSUED)


@domain_call("volunteering:join")
def apply_for_certificate(*, actor: Actor, at: datetime, since: date, until: date, purpose: str) -> Certificate:
    """Ask for a certificate of one's own service between two days.

    Raises NoVolunteer, Conflict while one waits or if nothing counts in that time, Invalid beside the field.
    """
    volunteer = own_volunteer(actor, among=Volunteer.objects.select_for_update(of=("self",)).select_related("person"))
    faults = {}
    if not since <= until <= localdate(at):
        faults["until"] = "结束日期要在开始日期之后、今天之前。"
    if not 2 <= len(purpose := purpose.strip()) <= 60:
        faults["purpose"] = "请填写用途（2到60个字）。"
    if faults:
        raise Invalid(fields=faults)
    if volunteer.certificates.filter(state=CertificateState.APPLIED).exists():
        raise Conflict("您已经申请过，正在等受理。")
    if not _counted(volunteer, since, until).exists():
        raise Conflict("这段时间没有已计入的服务时长，开不了证明。")
    row = Certificate(
        volunteer=volunteer, area_code=volunteer.area_code, since=since, until=until, purpose=purpose, applied_at=at
    )
    CERTIFICATE.start(row, event="apply", actor=actor, at=at, data={"volunteer": volunteer.pk})
    return row


@domain_call("volunteering:organise")
def post_certificate(*, actor: Actor, at: datetime, certificate_id: int, **issuer: str) -> Certificate:
    """Accept an application: the records are taken down, a number is given, and the notice begins.

    Raises NotFound, MoveNotAllowed, Invalid without issuer, person in charge, handler or telephone.
    """
    row = obtain(Certificate.objects.select_related("volunteer"), actor, pk=certificate_id)
    said = {name: issuer.get(name, "").strip() for name in _ISSUER_FIELDS}
    if faults := {name: f"请填写{label}。" for name, label in _ISSUER_FIELDS.items() if not said[name]}:
        raise Invalid(fields=faults)
    records = list(_counted(row.volunteer, row.since, row.until).order_by("day", "pk"))
    if not records:
        raise Conflict("这段时间没有已计入的服务时长，开不了证明。")
    today = localdate(at)
    notice = preset("volunteers.certificate.notice", area_code=row.area_code, on=today)
    changes: dict[str, Any] = {
        **said, "lines": [_line(one) for one in records], "minutes": sum(one.minutes for one in records),
        "times": len({(one.day, one.title) for one in records}), "number": f"ZM{row.area_code[:6]}{today.year}{row.pk:07d}",
        "code": secrets.token_hex(8), "posted_on": today, "notice_until": today + timedelta(days=notice),
    }  # fmt: skip
    CERTIFICATE.move(row, "post", actor=actor, at=at, changes=changes, data={"minutes": changes["minutes"]})
    words = f"已受理，公示到{row.notice_until:%m月%d日}"
    tell(volunteer_id=row.volunteer_id, kind=Message.Kind.CERTIFICATE, at=at, words=words)
    return row


@domain_call("volunteering:organise")
def end_certificate(*, actor: Actor, at: datetime, certificate_id: int, reason: str) -> Certificate:
    """Decline an application, or revoke a certificate that should not have been given; the volunteer is told why.

    Raises NotFound, MoveNotAllowed, Invalid without a reason.
    """
    row = obtain(Certificate, actor, pk=certificate_id)
    if not 2 <= len(reason := reason.strip()) <= 120:
        raise Invalid(fields={"reason": "请写明原因（2到120字）。"})
    event = "decline" if row.state == CertificateState.APPLIED else "revoke"
    CERTIFICATE.move(row, event, actor=actor, at=at, changes={"reason": reason}, data={"reason": reason})
    tell(volunteer_id=row.volunteer_id, kind=Message.Kind.CERTIFICATE, at=at, words=reason)
    return row


@domain_call("jobs:run")
def issue_due(*, actor: Actor, at: datetime) -> int:
    """Put certificates into force whose notice has passed without a word against them; return how many."""
    due = list(Certificate.objects.filter(state=CertificateState.POSTED, notice_until__lt=localdate(at)).order_by("pk"))
    for row in due:
        CERTIFICATE.move(row, "issue", actor=actor, at=at, changes={"issued_at": at})
        tell(volunteer_id=row.volunteer_id, kind=Message.Kind.CERTIFICATE, at=at, words="公示期满，证明已生效")
    return len(due)


def certificates(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[Certificate]:
    """Return the certificates of the actor's scope, newest first: the register that Order 67 asks for."""
    actor.require("volunteering:view")
    rows = visible(Certificate.objects.select_related("volunteer__person"), actor)
    if state:
        rows = rows.filter(state=state)
    if words := text.strip():
        rows = rows.filter(number__icontains=words) | rows.filter(volunteer__person__name__contains=words)
    return rows.order_by("-pk")


def my_certificates(*, actor: Actor) -> QuerySet[Certificate]:
    """Return one's own certificates, newest first."""
    return Certificate.objects.filter(volunteer=own_volunteer(actor)).order_by("-pk")


def given_certificate(*, actor: Actor, certificate_id: int) -> Certificate:
    """Return a certificate of the actor's scope that has a number; raise NotFound otherwise."""
    rows = Certificate.objects.filter(state__in=GIVEN).select_related("volunteer__person")
    return obtain(rows, actor, pk=certificate_id)


def checked(*, number: str, code: str) -> Certificate:
    """Return the certificate with this number and code, for anybody who holds it; raise NotFound otherwise."""
    rows = Certificate.objects.exclude(number="").select_related("volunteer__person")
    row = rows.filter(number=number.strip().upper()).first()
    if row is None or not secrets.compare_digest(row.code.encode(), code.strip().lower().encode()):
        raise NotFound("没有查到这份证明，请核对编号和查验码。")
    return row


def printed(*, certificate: Certificate, address: str) -> bytes:
    """Return the certificate as PDF; what was typed by hand or comes from elsewhere is marked so on its line."""
    person, labels = certificate.volunteer.person, dict(Origin.choices)
    facts = [
        ("姓名", person.name), ("证件", f"居民身份证 {person.id_number}" if person.id_number else "—"),
        ("志愿者编号", certificate.volunteer.number), ("服务时间", f"{certificate.since}至{certificate.until}"),
        ("累计时长", show_minutes(certificate.minutes)), ("服务次数", f"{certificate.times}次"), ("用途", certificate.purpose),
        ("负责人", certificate.in_charge), ("经办人", certificate.handler), ("联系电话", certificate.contact),
    ]  # fmt: skip
    shown = certificate.lines[:PRINTED_LINES]
    more = len(certificate.lines) - len(shown)
    return pdf(template="volunteer_certificate", data={
        "title": "志愿服务记录证明", "number": certificate.number, "issuer": certificate.issuer,
        "on": str(certificate.posted_on), "qr": qr(address),
        "verify": f"查验码 {certificate.code}，扫码或凭编号查验。本证明免费出具。",
        "paragraphs": [f"兹证明{person.name}自愿、无偿参加以下志愿服务，记录真实、准确、完整。"],
        "facts": facts, "heads": ["日期", "服务内容", "分钟", "怎么来的"],
        "rows": [[line["day"], line["title"], str(line["minutes"]), labels.get(line["origin"], "")] for line in shown],
        "note": f"另有{more}条没有列出，合计已包含在内。" if more else "",
    })  # fmt: skip


def _counted(volunteer: Volunteer, since: date, until: date) -> QuerySet[HourRecord]:
    return HourRecord.objects.filter(volunteer=volunteer, state=HourState.COUNTED, day__range=(since, until))


def _line(record: HourRecord) -> dict[str, Any]:
    return {
        "day": str(record.day), "title": record.title, "minutes": record.minutes, "origin": record.origin,
        "record": record.pk,
    }  # fmt: skip


def seen_certificate(*, actor: Actor, certificate_id: int) -> Certificate:
    """Return a certificate of the actor's scope; raise NotFound otherwise."""
    return obtain(Certificate, actor, pk=certificate_id)
