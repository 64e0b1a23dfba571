"""The desk of scouts' leads: make a need of it, join it to one, or close it; the scout reads the answer."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice
from wushe.faces.www.registers.sections import Link, Section, facts
from wushe.faces.www.templatetags.formats import moment
from wushe.foundation.actor import Actor
from wushe.practice.scouts import services
from wushe.practice.scouts.models import Lead, LeadState
from wushe.practice.scouts.register import LEADS
from wushe.practice.scouts.selectors import alike, needs_at_home
from wushe.practice.scouts.services import RIGHT
from wushe.registers.desk.declaration import Coded

_MOST = 50
WHOM = "说的是哪位居民"


class LeadForm(RegisterForm):
    """What a scout said by telephone or in passing."""

    area_code = forms.ChoiceField(label="哪个社区", error_messages=ASK)
    scout_name = forms.CharField(label="谁发现的", max_length=40, error_messages=ASK)
    words = forms.CharField(
        label="发现了什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK,
        help_text="什么人、在哪里、有什么难处。",
    )  # fmt: skip

    def prepare(self) -> None:
        """Of a lead that was sent only the place can be put right."""
        if self.row is not None:
            del self.fields["scout_name"], self.fields["words"]


class AnswerForm(forms.Form):
    """What the scout is told."""

    answer = forms.CharField(
        label="给排困员的反馈",
        max_length=200,
        error_messages=ASK,
        help_text="排困员在手机上看到，例如：已上门核实，正在申请救助。",
    )


class RaiseForm(AnswerForm):
    """A need of somebody; `apart` is asked for only where a need of the home seems the same."""

    apart = forms.BooleanField(label="已看过，和已有的需求不是同一件事", required=False)


class JoinForm(AnswerForm):
    """Which open need of the home it is; what triage takes for the same stands first."""

    need_id = RowChoice(label="并入哪条需求")
    field_order = ["need_id", "answer"]

    def __init__(self, data: Any, *, row: Any) -> None:
        super().__init__(data)
        likely = {one.need.pk: one.why for one in alike(lead=row, person=row.chosen, at=timezone.now())}
        known = list(needs_at_home(person=row.chosen)[:_MOST])
        known.sort(key=lambda one: (one.pk not in likely, -one.pk))
        self.fields["need_id"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"), *((one.pk, _line(one, likely.get(one.pk, ""))) for one in known)
        ]  # fmt: skip


class CloseForm(forms.Form):
    """Why it is no need."""

    answer = forms.CharField(label="为什么关闭", max_length=200, error_messages=ASK, help_text="排困员会看到这句话。")


def _line(need: Any, why: str) -> str:
    told = f"需求 {need.pk} {need.person.name}：{need.words[:30]}（{need.get_state_display()}）"
    return f"{told}——{why}" if why else told


def lead_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what was noticed, by whom, and what became of it."""
    door = page_of_thing(actor, "need", row.need_id) if row.need_id else ""
    return [facts("线索", "message", [
        ("发现了什么", row.words),
        ("状态", Coded(f"lead.{row.state}", str(row.get_state_display()))),
        ("排困员", row.scout_name),
        ("怎么来的", "手机上报" if row.scout_id else "社区代为登记"),
        ("发现时间", moment(row.sent_at)),
        ("需求", Link(f"需求 {row.need_id}", door) if door else row.need_id),
        ("反馈", row.answer or None),
        ("反馈时间", moment(row.answered_at) if row.answered_at else None),
    ])]  # fmt: skip


def _raise(actor: Actor, at: datetime, row: Lead, clean: dict[str, Any]) -> str:
    lead = services.raise_lead(actor=actor, at=at, lead_id=row.pk, person_id=_whom(row), **clean)
    return f"已转为需求 {lead.need_id}，来源记为“排困员”。"


def _join(actor: Actor, at: datetime, row: Lead, clean: dict[str, Any]) -> str:
    services.join_lead(actor=actor, at=at, lead_id=row.pk, person_id=_whom(row), **clean)
    return "已并入，排困员会看到反馈。"


def _close(actor: Actor, at: datetime, row: Lead, clean: dict[str, Any]) -> str:
    services.close_lead(actor=actor, at=at, lead_id=row.pk, **clean)
    return "已关闭，排困员会看到原因。"


def _whom(row: Any) -> int:
    """Return the resident who was found and chosen before the form."""
    return int(row.chosen.pk)


def _waits(row: Lead) -> bool:
    return row.state == LeadState.SENT


LEADS_DESK = Desk(
    register=LEADS,
    one="lead",
    icon="message",
    lead="排困员和志愿者发现的困难，一条一条处理：转为需求、并入已有需求，或写明原因关闭；每条都要给反馈。",
    enter="登记线索",
    empty="排困员在手机上报的线索会出现在这里；电话里说的也可以登记。",
    edit=RIGHT,
    form=LeadForm,
    create=services.enter_lead,
    update=lambda actor, at, pk, changes: services.move_lead(actor=actor, at=at, lead_id=pk, changes=changes),
    sections=lead_sections,
    acts=(
        Act("raise", "转为需求", "inbox", RIGHT, lambda data, actor, on, row: RaiseForm(data), _raise, shows=_waits, person=True, whom=WHOM,
            hint="先找到是哪位居民；转成的需求排进同一个队列，来源记为“排困员”。"),
        Act("join", "并入已有需求", "link", RIGHT, lambda data, actor, on, row: JoinForm(data, row=row), _join, shows=_waits,
            person=True, whom=WHOM),
        Act("close", "关闭线索", "ban", RIGHT, lambda data, actor, on, row: CloseForm(data), _close, shows=_waits),
    ),
)  # fmt: skip
