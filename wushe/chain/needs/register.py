"""The list of applications on somebody's behalf as its desk shows it: who waits for the person's word, and who asks."""

from datetime import datetime, time

from django.db.models import Q
from django.utils import timezone

from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, declare
from wushe.registers.desk.finding import held_by

from .models import Application, ApplicationState, Basis


def _start_of(on: object) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))  # type: ignore[arg-type]


APPLICATIONS = declare(
    Register(
        code="applications",
        title="代办申请",
        noun="件",
        model=Application,
        permission="needs:record",
        rows=lambda actor, on: visible(Application.objects.all(), actor),
        dress=lambda rows, on: rows.select_related("person"),
        name=lambda a: f"{a.applicant_name}代{a.person.name}申请",
        search=lambda text: (held_by(text) or Q(pk=None)) | Q(words__contains=text) | Q(applicant_name__contains=text),
        search_hint="申请里的字、代办人、居民姓名两个字、电话后四位",
        columns=(
            Column("person", "居民", lambda a: a.person.name),
            Column("state", "状态", lambda a: Coded(f"application.{a.state}", a.get_state_display())),
            Column("words", "需要什么", lambda a: a.words),
            Column("applicant", "代办人", lambda a: a.applicant_name),
            Column("tie", "关系", lambda a: a.tie),
            Column("basis", "依据", lambda a: a.get_basis_display()),
            Column("asker", "谁去问本人", lambda a: a.asker_name),
            Column("ask_by", "问本人的期限", lambda a: a.ask_by, sort="ask_by"),
            Column("need", "需求", lambda a: a.need_id, number=True),
            Column("outcome", "结果", lambda a: a.outcome, quiet=True),
            Column("place", "社区", lambda a: a.place),
        ),
        facets=(
            facets.code_list("state", "状态", ApplicationState),
            facets.code_list("basis", "依据", Basis),
            facets.cases(
                "waits", "期限",
                late=("今天以前就该问本人", lambda on: Q(state=ApplicationState.WAITING, ask_by__lt=_start_of(on))),
            ),
            facets.place(),
        ),
        orders=(Order("newest", "新申请的在前", descending=True), Order("ask_by", "问本人的期限", "ask_by")),
    )
)  # fmt: skip
