"""The desks of open meetings and of their questions: announce, hold, write down, give to somebody, answer in public."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse

from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, day_field, number_field
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import moment
from wushe.foundation.actor import Actor
from wushe.governance.judging import meetings
from wushe.governance.judging.grading import judged_answers
from wushe.governance.judging.meetings import RIGHT
from wushe.governance.judging.models import OPEN, MeetingState, QuestionState
from wushe.governance.judging.register import MEETINGS, QUESTIONS
from wushe.governance.judging.selectors import meetings_to_ask_at, questions_of
from wushe.registers.desk.declaration import Coded

PUBLIC_HINT = "会公开，不要写姓名、电话、门牌。"
HEADS = ("问题", "状态", "责任人", "答复期限")


class MomentInput(forms.DateTimeInput):
    """A day and an hour as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _long(label: str, most: int, *, required: bool = True, hint: str = "", rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, widget=area, error_messages=ASK
    )


class MeetingForm(RegisterForm):
    """What residents are told beforehand."""

    area_code = forms.ChoiceField(label="哪个社区", error_messages=ASK)
    title = forms.CharField(label="议题", max_length=60, help_text="例如：电动车停哪里。", error_messages=ASK)
    starts_at = forms.DateTimeField(
        label="时间", widget=MomentInput(),
        error_messages={"required": "请选择时间。", "invalid": "时间不对，例如 2026-05-20 19:00。"},
    )  # fmt: skip
    place_name = forms.CharField(label="地点", max_length=60, error_messages=ASK)
    host_name = forms.CharField(
        label="主持人", max_length=40, help_text="没有交办的问题由主持人负责。", error_messages=ASK
    )


class HoldForm(forms.Form):
    """How it went."""

    present = number_field("到场居民人数", required=True)
    note = _long("会议情况", 500, required=False)


class CallOffForm(forms.Form):
    """Why it does not take place."""

    note = _long("为什么取消", 500)


class AskForm(forms.Form):
    """One question; what is public is written apart from the resident's own words."""

    subject = forms.CharField(label="公开的问题", max_length=60, help_text=PUBLIC_HINT, error_messages=ASK)
    words = _long("居民原话", 1000, hint="照原话记，不公开。")
    asker_name = forms.CharField(label="谁提的", max_length=40, required=False, help_text="可以不填，不公开。")


class TakeForm(forms.Form):
    """Who answers by when."""

    owner_name = forms.CharField(label="谁负责", max_length=40, help_text="会公开。", error_messages=ASK)
    due_on = day_field("答复期限", hint="会公开。")

    def __init__(self, data: Any, *, row: Any) -> None:
        super().__init__(data, initial={"owner_name": row.owner_name, "due_on": row.due_on})


class AnswerForm(forms.Form):
    """The answer that everybody reads."""

    owner_name = forms.CharField(label="谁答复", max_length=40, help_text="会公开。", error_messages=ASK)
    answer = _long("答复", 1000, hint=PUBLIC_HINT, rows=5)

    def __init__(self, data: Any, *, row: Any) -> None:
        super().__init__(data, initial={"owner_name": row.owner_name})


class DeclineForm(forms.Form):
    """Why it is not shown."""

    answer = _long("为什么不公开", 1000, hint="例如：涉及个人隐私，已当面答复。")


class QuestionForm(RegisterForm):
    """A question of a meeting; once written down only its public words can be put right."""

    meeting_id = RowChoice(label="哪次坝坝会")
    subject = forms.CharField(label="公开的问题", max_length=60, help_text=PUBLIC_HINT, error_messages=ASK)
    words = _long("居民原话", 1000, hint="照原话记，不公开。")
    asker_name = forms.CharField(label="谁提的", max_length=40, required=False, help_text="可以不填，不公开。")

    def prepare(self) -> None:
        """Offer the meetings of the actor's area."""
        if self.row is not None:
            for name in ("meeting_id", "words", "asker_name"):
                del self.fields[name]
            return
        known = meetings_to_ask_at(actor=self.actor)
        self.offer("meeting_id", [(one.pk, f"{one.title}（{moment(one.starts_at)}）") for one in known], empty="请选择")


def _meeting_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    asked = [
        line(one.subject, HEADS, (Coded(f"question.{one.state}", str(one.get_state_display())), one.owner_name, one.due_on),
             reverse("registers:question", args=[one.pk]))
        for one in questions_of(meeting=row)
    ]  # fmt: skip
    return [
        facts("坝坝会", "messages", [
            ("议题", row.title), ("状态", Coded(f"meeting.{row.state}", str(row.get_state_display()))),
            ("时间", moment(row.starts_at)), ("地点", row.place_name), ("主持人", row.host_name),
            ("到场居民", row.present or None), ("情况", row.note or None),
        ]),
        Listing("居民提问", "message", HEADS, asked, empty="还没有登记提问。"),
    ]  # fmt: skip


def _question_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    door = page_of_thing(actor, "need", row.need_id) if row.need_id else ""
    judged = judged_answers(questions=[row], on=on).get(row.pk)
    return [facts("提问", "message", [
        ("公开的问题", row.subject),
        ("居民原话", row.words),
        ("谁提的", row.asker_name or None),
        ("状态", Coded(f"question.{row.state}", str(row.get_state_display()))),
        ("坝坝会", Link(row.meeting.title, reverse("registers:meeting", args=[row.meeting_id]))),
        ("责任人", row.owner_name),
        ("答复期限", row.due_on),
        ("需求", Link(f"需求 {row.need_id}", door) if door else row.need_id),
        ("答复", row.answer or None),
        ("答复时间", moment(row.answered_at) if row.answered_at else None),
        ("居民打分", _words(judged) if judged else None),
    ])]  # fmt: skip


def _words(judged: Any) -> str:
    shown = "人数太少，不显示平均分" if judged.average is None else f"平均 {judged.average:.1f} 分"
    return f"{judged.persons} 人评过，{shown}"


def _told(act: Any, said: str, key: str) -> Any:
    def do(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
        act(actor=actor, at=at, **{key: row.pk}, **clean)
        return said

    return do


def _raise(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
    done = meetings.raise_question(actor=actor, at=at, question_id=row.pk, person_id=int(row.chosen.pk), **clean)
    return f"已转为需求 {done.need_id}，来源记为“坝坝会”；办完还要公开答复。"


def _in(*states: str) -> Any:
    return lambda row: row.state in states


MEETINGS_DESK = Desk(
    register=MEETINGS, one="meeting", icon="messages", enter="公告一次坝坝会", edit=RIGHT, form=MeetingForm,
    siblings=("questions",),
    lead="开会前公告，会上的问题一条一条记下，每条都有责任人和期限，答复公开。",
    empty="公告第一次坝坝会以后，这里就有了；会前居民在公开页面看得到时间和地点。",
    create=meetings.announce_meeting,
    update=lambda actor, at, pk, changes: meetings.change_meeting(actor=actor, at=at, meeting_id=pk, changes=changes),
    sections=_meeting_sections,
    acts=(
        Act("ask", "登记提问", "message", RIGHT, lambda data, actor, on, row: AskForm(data),
            _told(meetings.ask_question, "已登记，没有交办以前由主持人负责。", "meeting_id"),
            shows=lambda row: row.state != MeetingState.CALLED_OFF),
        Act("hold", "记录已召开", "check", RIGHT, lambda data, actor, on, row: HoldForm(data),
            _told(meetings.hold_meeting, "已记录。", "meeting_id"), shows=_in(MeetingState.ANNOUNCED)),
        Act("call-off", "取消这次会", "ban", RIGHT, lambda data, actor, on, row: CallOffForm(data),
            _told(meetings.call_off, "已取消。", "meeting_id"), shows=_in(MeetingState.ANNOUNCED),
            hint="取消以后不能恢复，要开请重新公告。"),
    ),
)  # fmt: skip
QUESTIONS_DESK = Desk(
    register=QUESTIONS, one="question", icon="message", enter="登记提问", edit=RIGHT, form=QuestionForm,
    siblings=("meetings",),
    create=meetings.ask_question,
    update=lambda actor, at, pk, changes: meetings.change_question(actor=actor, at=at, question_id=pk, changes=changes),
    lead="居民在坝坝会上的提问：转为需求、交办给人，或者当场答复；责任人、期限和答复都公开。",
    empty="开坝坝会时把居民的提问记在这里，答复以后居民都看得到。",
    sections=_question_sections,
    acts=(
        Act("answer", "公开答复", "message-circle", RIGHT, lambda data, actor, on, row: AnswerForm(data, row=row),
            _told(meetings.answer_question, "答复已公开。", "question_id"), shows=_in(*OPEN),
            hint="答复公开以后不能再改。"),
        Act("raise", "转为需求", "inbox", RIGHT, lambda data, actor, on, row: TakeForm(data, row=row), _raise,
            shows=_in(QuestionState.ASKED), person=True, whom="是哪位居民的需求",
            hint="转成的需求排进同一个队列，来源记为“坝坝会”。"),
        Act("take", "交办", "user-check", RIGHT, lambda data, actor, on, row: TakeForm(data, row=row),
            _told(meetings.take_question, "已交办，责任人和期限已公开。", "question_id"), shows=_in(*OPEN)),
        Act("decline", "不予公开", "ban", RIGHT, lambda data, actor, on, row: DeclineForm(data),
            _told(meetings.decline_question, "已记录，不公开。", "question_id"), shows=_in(QuestionState.ASKED)),
    ),
)  # fmt: skip
