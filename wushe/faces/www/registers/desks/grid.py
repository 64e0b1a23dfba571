"""The desk of grid cases: each of the seven steps is an act, and nobody checks what they did themselves."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, day_field
from wushe.faces.www.registers.sections import Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import moment
from wushe.foundation.actor import Actor
from wushe.practice.grid import collecting, handling
from wushe.practice.grid.collecting import COLLECT, DECIDE
from wushe.practice.grid.handling import HANDLE
from wushe.practice.grid.models import CaseKind, CaseSource, CaseState
from wushe.practice.grid.register import CASES, in_time
from wushe.registers.areas.models import Level
from wushe.registers.desk.declaration import Coded

HEADS = ("核查人", "时间", "结果", "现场情况")


def _text(label: str, most: int, *, required: bool = True, rows: int = 0, hint: str = "") -> forms.CharField:
    more = {"widget": forms.Textarea(attrs={"rows": rows})} if rows else {}
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, error_messages=ASK, **more)


def _form(**fields: forms.Field) -> type[forms.Form]:
    """Return a form of these fields."""
    return type("CaseStepForm", (forms.Form,), fields)


class CaseForm(RegisterForm):
    """What was found."""

    place_depth = Level.GRID
    area_code = forms.ChoiceField(label="哪个社区、网格", error_messages=ASK)
    kind = forms.ChoiceField(label="类别", choices=CaseKind.choices, error_messages=ASK)
    source = forms.ChoiceField(label="来源", choices=CaseSource.choices, error_messages=ASK)
    words = _text("什么事", 300, rows=3)
    spot = _text("在哪里", 100, hint="例如：3栋2单元楼道口。")
    collector_name = _text("采集人", 40, required=False, hint="不填就是您。办完以后由采集人到现场核查。")


def _sections(actor: Actor, row: Any, on: date) -> list[Section]:
    checks = [
        line(one.checker_name, HEADS, (moment(one.checked_at), "通过" if one.passed else "不通过，退回", one.seen))
        for one in row.checks.order_by("pk")
    ]
    return [
        facts("网格事项", "map-pin", [
            ("什么事", row.words), ("在哪里", row.spot), ("类别", row.get_kind_display()), ("来源", row.get_source_display()),
            ("状态", Coded(f"grid_case.{row.state}", str(row.get_state_display()))),
            ("现在由谁办", row.owner_name), ("这一步的时限", moment(row.due_at) if row.due_at else None),
            ("结案条件", collecting.closing_condition(case=row, at=timezone.now())),
        ]),
        facts("办理", "list-check", [
            ("采集", f"{row.collector_name}，{moment(row.collected_at)}"),
            ("派遣", f"{row.unit} {row.handler_name}，{moment(row.sent_at)}" if row.sent_at else None),
            ("处理时限", moment(row.handle_by) if row.handle_by else None), ("延期次数", row.extensions or None),
            ("处理反馈", row.result or None), ("反馈时间", moment(row.reported_at) if row.reported_at else None),
            ("是否按时", in_time(row) or None), ("挂账原因", row.hung_reason or None), ("挂账复查日", row.review_on),
            ("结案时间", moment(row.closed_at) if row.closed_at else None), ("评价", row.get_grade_display() or None),
            ("说明", row.note or None),
        ]),
        Listing("现场核查", "eye", HEADS, checks, empty="还没有核查。"),
    ]  # fmt: skip


def _did(act: Any, said: str, **fixed: Any) -> Any:
    def do(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
        act(actor=actor, at=at, case_id=row.pk, **fixed, **clean)
        return said

    return do


def _asks(form: type[forms.Form] = forms.Form) -> Any:
    return lambda data, actor, on, row: form(data)


def _in(state: str) -> Any:
    return lambda row: row.state == state


_CHECK = _form(
    seen=_text("现场看到什么", 300, rows=2), checker_name=_text("谁到现场看的", 40, required=False, hint="不填就是您。")
)
_WHY = _form(note=_text("原因", 300, rows=2))
_GRADE = _form(
    grade=forms.ChoiceField(label="评价", choices=[("good", "合格"), ("bad", "不合格")], error_messages=ASK),
    note=_text("说明", 300, required=False, rows=2),
)
S = CaseState

CASES_DESK = Desk(
    register=CASES, one="grid_case", icon="map-pin", enter="采集事项", edit=COLLECT, form=CaseForm,
    lead="采集、建档、派遣、处理、反馈、核查结案、评价七步；每一步有时限、有姓名；办的人不能核查自己。",
    empty="网格员采集的事项会出现在这里。",
    create=collecting.collect_case, sections=_sections,
    acts=(
        Act("file", "案卷建立", "clipboard-check", COLLECT, _asks(), _did(collecting.file_case, "已建档，请尽快派遣。"),
            shows=_in(S.COLLECTED)),
        Act("send", "任务派遣", "send", COLLECT, _asks(_form(unit=_text("处理单位", 60), handler_name=_text("处理人", 40))),
            _did(collecting.send_case, "已派遣，处理时限开始计算。"), shows=_in(S.FILED)),
        Act("report", "处理反馈", "check", HANDLE, _asks(_form(result=_text("办成什么样", 500, rows=3))),
            _did(handling.report_case, "已反馈，等采集人到现场核查。"), shows=_in(S.HANDLING)),
        Act("note", "记处理情况", "pencil", HANDLE, _asks(_form(note=_text("处理情况", 300, rows=2))),
            _did(handling.note_handling, "已记下。"), shows=_in(S.HANDLING)),
        Act("extend", "延期", "calendar-event", DECIDE,
            _asks(_form(until=day_field("延到哪天"), note=_text("原因", 300, rows=2))),
            _did(handling.extend_case, "已延期。"), shows=_in(S.HANDLING)),
        Act("hang", "挂账", "hourglass", DECIDE,
            _asks(_form(reason=_text("为什么现在办不了", 300, rows=2), review_on=day_field("哪天复查"))),
            _did(handling.hang_case, "已挂账，到复查日再看。"), shows=_in(S.HANDLING),
            hint="延期以后还办不了的才能挂账；挂账时停表。"),
        Act("hand-back", "不是本单位的，退回", "arrow-back-up", HANDLE, _asks(_WHY),
            _did(handling.hand_back, "已退回，由属地重派。"), shows=_in(S.HANDLING),
            hint="只能退回一次；属地重派以后不能再退。"),
        Act("close", "核查通过，结案", "circle-check", COLLECT, _asks(_CHECK),
            _did(handling.check_case, "已结案。", passed=True), shows=_in(S.REPORTED), hint="到现场看过，符合结案条件。"),
        Act("fail", "核查不通过，退回", "ban", COLLECT, _asks(_CHECK),
            _did(handling.check_case, "已退回处理人，原时限不变。", passed=False), shows=_in(S.REPORTED)),
        Act("resume", "恢复办理", "player-play", DECIDE, _asks(), _did(handling.resume_case, "已恢复，时限重新计算。"),
            shows=_in(S.HUNG)),
        Act("evaluate", "综合评价", "star", DECIDE, _asks(_GRADE), _did(handling.evaluate_case, "已评价。"),
            shows=_in(S.CLOSED)),
        Act("dismiss", "不予建档", "ban", COLLECT, _asks(_WHY), _did(collecting.dismiss_case, "已记录。"),
            shows=_in(S.COLLECTED)),
    ),
)  # fmt: skip
