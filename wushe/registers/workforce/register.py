"""The register of social workers 社会工作者台账: certificates, posts and hours, as its desk shows it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from wushe.foundation.actor import Actor
from wushe.foundation.quantities import show_minutes
from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Blank, BulkAct, Coded, Column, Done, Order, Register, Values, declare
from wushe.registers.desk.finding import held_by
from wushe.registers.desk.setting import ChangedSince, setting

from .models import Learning, Qualification, Worker, WorkerKind
from .posting import add_learning, strike_learning, update_social_worker
from .selectors import supervisors

EDIT = "workforce:register"
SOON = timedelta(days=90)


def learned(kind: str, since: Any) -> Any:
    """Return the minutes of a kind that a worker has on record since a day, as a column of a query."""
    rows = Learning.objects.filter(worker=OuterRef("pk"), kind=kind, struck_at=None, on__gte=since)
    total = rows.order_by().values("worker").annotate(total=Sum("minutes")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def _rows(actor: Actor, on: date) -> QuerySet[Worker]:
    present = Worker.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), kind=WorkerKind.SOCIAL_WORKER)
    return visible(present, actor)


def _dressed(rows: QuerySet[Worker], on: date) -> QuerySet[Worker]:
    """Add the hours of continuing education since registration, or of the last three years without one."""
    since = Coalesce(OuterRef("registered_on"), facets.day(on - timedelta(days=3 * 365)))
    return rows.select_related("person", "organisation", "supervisor__person").annotate(
        education=learned(Learning.Kind.EDUCATION, since),
        supervision=learned(Learning.Kind.SUPERVISION, facets.day(on - timedelta(days=365))),
    )


def registration_state(worker: Worker, on: date) -> Coded:
    """Return how the registration of a certificate stands on a day."""
    if not worker.level:
        return Coded("none", "未持证")
    if worker.qualification_until is None:
        return Coded("unregistered", "持证未登记")
    if worker.qualification_until < on:
        return Coded("over", "登记已过期")
    return Coded("soon", "90天内到期") if worker.qualification_until <= on + SOON else Coded("valid", "登记有效")


def _stamp(rows: QuerySet[Worker], on: date) -> QuerySet[Worker]:
    return _dressed(rows, on).annotate(today=facets.day(on))


def _update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Worker:
    return update_social_worker(actor=actor, at=at, worker_id=pk, changes=changes)


def _learn(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    minutes = int(values["hours"]) * 60
    row = add_learning(
        actor=actor, at=at, worker_id=pk, kind=Learning.Kind.EDUCATION, title=values["title"], on=values["on"],
        minutes=minutes,
    )  # fmt: skip
    return Done("", f"加{show_minutes(minutes)}继续教育", row.pk)


def _unlearn(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    if Learning.objects.filter(pk=token).exclude(struck_at=None).exists():
        raise ChangedSince
    strike_learning(actor=actor, at=at, learning_id=token)


def _supervisors(actor: Actor, on: date) -> list[tuple[str, str]]:
    return [
        (str(one.pk), f"{one.person.name}（{one.get_level_display() or '未持证'}）") for one in supervisors(actor=actor)
    ]


SOCIAL_WORKERS = declare(
    Register(
        code="social_workers",
        title="社会工作者",
        noun="人",
        model=Worker,
        permission="registers:view",
        rows=_rows,
        dress=_stamp,
        name=lambda row: row.person.name,
        search=lambda text: held_by(text, codes=("number", "certificate_number")),
        search_hint="姓名两个字、拼音首字母、电话后四位、工号、证书号",
        columns=(
            Column("name", "姓名", lambda w: w.person.name),
            Column("level", "资格级别", lambda w: w.get_level_display(), sort="level"),
            Column("state", "登记", lambda w: registration_state(w, w.today)),
            Column("until", "登记有效期", lambda w: w.qualification_until, sort="until"),
            Column("education", "继续教育", lambda w: show_minutes(w.education) if w.education else "", number=True),
            Column("employer", "用人单位", lambda w: w.organisation.name if w.organisation else ""),
            Column("place", "工作地", lambda w: w.place),
            Column("supervisor", "督导", lambda w: w.supervisor.person.name if w.supervisor else ""),
            Column("supervision", "近一年受督导", lambda w: show_minutes(w.supervision) if w.supervision else "", quiet=True),
            Column("number", "工号", lambda w: w.number, quiet=True),
            Column("certificate", "证书管理号", lambda w: w.certificate_number, quiet=True),
            Column("starts_on", "到岗日期", lambda w: w.starts_on, quiet=True),
        ),
        facets=(
            facets.code_list("level", "资格级别", Qualification),
            facets.cases(
                "state", "登记",
                certified=("持证", lambda on: ~Q(level="")),
                uncertified=("未持证", lambda on: Q(level="")),
                over=("登记已过期", lambda on: Q(qualification_until__lt=on) & ~Q(level="")),
                soon=("90天内到期", lambda on: Q(qualification_until__range=(on, on + SOON)) & ~Q(level="")),
            ),
            facets.cases(
                "post", "用人与用工",
                unsupervised=("没有督导", lambda on: Q(supervisor=None)),
                seconded=("街道招聘、社区使用", lambda on: Q(area_code__gt=F("street_code"), organisation__kind="station")),
            ),
            facets.place(),
        ),
        orders=(
            Order("newest", "新登记的在前", descending=True),
            Order("until", "登记有效期", facets.or_never("qualification_until", far=date(2999, 12, 31))),
            Order("level", "资格级别", "level", descending=True),
        ),
        bulk=(
            BulkAct(
                "learn", "登记继续教育", EDIT, _learn, _unlearn,
                (Blank("title", "培训内容", "text"), Blank("on", "培训日期", "day"), Blank("hours", "每人学时（小时）", "whole")),
                "同一场培训的学员一次登记，每人加同样的学时。",
            ),
            setting(
                "supervise", "指定督导", permission=EDIT, model=Worker, field="supervisor_id", update=_update,
                blank=Blank("supervisor_id", "督导", "choice_id", _supervisors),
            ),
        ),
    )
)  # fmt: skip
