"""The desks of visits that come due: the due list with what is written down at each visit, and the search for somebody."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse

from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.refusing import OnceForm
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, day_field
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import moment
from wushe.foundation.access.selectors import who_may
from wushe.foundation.actor import Actor
from wushe.practice.due_visits import ordering, searching, visiting
from wushe.practice.due_visits.models import Change, NoAnswer, PauseReason, PlanState, Risk, SearchStep, VisitPlan, Way
from wushe.practice.due_visits.register import DUE_VISITS, NO_ANSWERS, ORDER, standing_of
from wushe.practice.due_visits.selectors import contacts_of, searches_of
from wushe.practice.due_visits.visiting import BY_HAND, RIGHT
from wushe.registers.desk.declaration import Coded
from wushe.registers.organisations.selectors import takers_at
from wushe.registers.people.selectors import relations_of

MOST_CONTACTS = 50
_TRY_HEADS = ("日期", "方式", "有没有回应", "情况", "谁")


class PlanForm(RegisterForm):
    """Whose a plan is, how high the risk, who is sent."""

    risk = forms.ChoiceField(
        label="风险等级", choices=[("", "按规定自动确定"), *Risk.choices], required=False, error_messages=ASK
    )
    owner_id = RowChoice(label="责任人", help_text="逾期时名单上写的就是这个名字。")
    carrier_id = RowChoice(label="由谁上门", required=False, help_text="选了机构，快到期时系统自动给它下探访订单。")

    def first_values(self) -> dict[str, Any]:
        """Begin with the one who enters."""
        return {"owner_id": self.actor.user_id}

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Show a risk only if somebody has set it."""
        return {**super().initial_of(row), "risk": row.risk if row.by_hand else ""}

    def prepare(self) -> None:
        """Offer who may visit at the place."""
        place = self.row.area_code if self.row is not None else self.actor.area_code
        able = who_may(RIGHT, area_code=place)
        self.offer("owner_id", [(user.pk, user.name) for user in able], empty="请选择")
        if self.row is None:
            del self.fields["carrier_id"]
        else:
            takers = [(one.pk, one.name) for one in takers_at(area_code=place, on=self.on)]
            self.offer("carrier_id", takers, empty="责任人自己")


class EnrolForm(PlanForm):
    """Who is taken in: the form knows of the resident who was found before."""

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)


class ContactForm(OnceForm):
    """What happened at a visit or on the telephone."""

    way = forms.ChoiceField(
        label="怎么联系的",
        choices=[(way.value, way.label) for way in BY_HAND],
        widget=forms.RadioSelect,
        error_messages=ASK,
    )
    answered = forms.TypedChoiceField(
        label="见到或联系上本人了吗", choices=[("yes", "见到、联系上了"), ("no", "没有回应")], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes", empty_value=None, error_messages=ASK,
    )  # fmt: skip
    on = day_field("哪一天")
    note = forms.CharField(
        label="情况", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="身体、吃药、用电用气安全、有什么要帮忙的。发现需求请另外登记需求。",
    )  # fmt: skip


class PauseForm(forms.Form):
    """Why somebody is away."""

    reason = forms.ChoiceField(
        label="为什么暂停", choices=PauseReason.choices, widget=forms.RadioSelect, error_messages=ASK
    )


class ChangeForm(forms.Form):
    """What happened."""

    event = forms.ChoiceField(label="出了什么事", choices=Change.choices, widget=forms.RadioSelect, error_messages=ASK)


class EndForm(forms.Form):
    """Why somebody is visited no longer."""

    reason = forms.CharField(label="为什么退出", max_length=200, error_messages=ASK)


class SendForm(forms.Form):
    """Who goes on which day."""

    carrier_id = RowChoice(label="由哪家机构上门")
    starts_on = day_field("哪天上门")

    def __init__(self, *args: Any, row: VisitPlan, on: date, **kwargs: Any) -> None:
        initial = {"starts_on": max(on, row.due_on), "carrier_id": row.carrier_id}
        super().__init__(*args, initial=initial, **kwargs)
        takers = [(one.pk, one.name) for one in takers_at(area_code=row.area_code, on=on)]
        self.fields["carrier_id"].choices = [("", "请选择"), *takers]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """How it was looked for, and that nobody was found."""

    note = forms.CharField(
        label="怎么找的", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK,
        help_text="例如：敲门十分钟无人应，窗帘拉着，邻居昨天见过。",
    )  # fmt: skip


class FoundForm(forms.Form):
    """Where the person is."""

    seen = forms.TypedChoiceField(
        label="亲眼见到本人了吗", choices=[("yes", "见到了"), ("no", "没见到，但知道人在哪里")], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes", empty_value=None, error_messages=ASK,
    )  # fmt: skip
    outcome = forms.CharField(
        label="人在哪里、情况怎样", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK
    )


def plan_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a plan: when the next visit is due by which rule, whom to ask, and every contact."""
    door = page_of_thing(actor, "person", row.person_id)
    order = page_of_thing(actor, "order", row.order_id) if row.order_id else ""
    basics = facts("探访安排", "calendar-check", [
        ("居民", Link(row.person.name, door) if door else row.person.name),
        ("联系电话", str(row.person.phone)),
        ("情况", standing_of(row, on)),
        ("应探访", row.due_on if row.state == PlanState.ACTIVE else None),
        ("过了哪天算逾期", row.late_on if row.state == PlanState.ACTIVE else None),
        ("上次见到", row.seen_on),
        ("等级和依据", f"{row.get_risk_display()}：{row.why}，每{row.interval_days}天"),
        ("责任人", row.owner_name),
        ("由谁上门", row.carrier.name if row.carrier else "责任人自己"),
        ("已排上门", Link(f"订单 {row.order_id}（{row.order.get_state_display()}）", order) if order else None),
    ], note="电话问候不能连着代替上门；节日、恶劣天气期间会提前到期。")  # fmt: skip
    heads = ("亲属", "关系", "电话", "能否代办")
    kin = [
        line(one.relative.name, heads, (one.get_kind_display(), str(one.relative.phone), "可代办" if one.may_act else ""),
             page_of_thing(actor, "person", one.relative_id))
        for one in relations_of(person=row.person)
    ]  # fmt: skip
    return [
        basics,
        Listing("联系不上时找谁", "phone", heads, kin, "还没有登记亲属。到居民页登记一位紧急联系人。"),
        _tries("历次探访", contacts_of(plan=row), "还没有探访过。"),
        Listing("无人应答", "search", ("开始", "进展", "结果"), [
            line(moment(one.opened_at), ("开始", "进展", "结果"), (_step(one), one.outcome),
                 reverse("registers:no_answer", args=[one.pk]))
            for one in searches_of(plan=row)[:20]
        ], "没有出现过联系不上的情况。"),
    ]  # fmt: skip


def search_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return how the search for somebody stands: what to do now, until when, and what was tried."""
    now = {
        SearchStep.DOOR: "今天之内上门查看。",
        SearchStep.FAMILY: "马上联系家属和紧急联系人。",
        SearchStep.POLICE: "拨打110，请民警协助开门查看。",
        SearchStep.FOUND: "已了结。",
    }[SearchStep(row.state)]
    door = reverse("registers:due_visit", args=[row.plan_id])
    basics = facts("现在要做的", "alert-triangle", [
        ("下一步", now),
        ("进展", _step(row)),
        ("本步时限", moment(row.due_at) if row.state != SearchStep.FOUND else None),
        ("责任人", row.owner_name),
        ("居民", Link(row.plan.person.name, door)),
        ("结果", row.outcome),
    ], note="先看居民页里的亲属电话；人有危险时先打110、120，再回来补记。")  # fmt: skip
    return [basics, _tries("怎么找的", row.tries.order_by("-pk"), "还没有记录。")]


def _tries(title: str, contacts: Any, empty: str) -> Listing:
    lines = [
        line(str(one.on), _TRY_HEADS, (one.get_way_display(), _answer(one), one.note, one.by_name))
        for one in contacts[:MOST_CONTACTS]
    ]
    return Listing(title, "history", _TRY_HEADS, lines, empty)


def _answer(contact: Any) -> str:
    if not contact.answered:
        return "没有回应"
    return "见到、联系上了" if contact.counts else "联系上了，不计入探访"


def _step(search: NoAnswer) -> Coded:
    return Coded(f"search.{search.state}", str(search.get_state_display()))


def _contact(actor: Actor, at: datetime, row: VisitPlan, clean: dict[str, Any]) -> str:
    made = visiting.record_contact(actor=actor, at=at, plan_id=row.pk, **clean)
    if made.search_id and not made.answered:
        return "已记下。今天两次没有回应，已列入“无人应答”，请当天上门查看。"
    return "已记下。" if made.counts or not made.answered else "已记下；连续电话不能代替上门，这次不计入探访。"


def _done(said: str, service: Any, key: str = "plan_id") -> Any:
    def do(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
        service(actor=actor, at=at, **{key: row.pk}, **clean)
        return said

    return do


def _form(form: type[forms.Form], **initial: Any) -> Any:
    return lambda data, actor, on, row: form(data, initial=initial)


def _active(row: VisitPlan) -> bool:
    return row.state == PlanState.ACTIVE


DUE_VISITS_DESK = Desk(
    register=DUE_VISITS,
    one="due_visit",
    icon="home-heart",
    lead="谁该去看了、谁逾期了、名字写着谁。间隔按各地规定，宽限以内只提醒。",
    enter="纳入探访",
    empty="每天夜里按规定自动纳入；也可以从一位居民开始。",
    edit=RIGHT,
    form=EnrolForm,
    create=visiting.enrol,
    update=lambda actor, at, pk, changes: visiting.update_plan(actor=actor, at=at, plan_id=pk, changes=changes),
    sections=plan_sections,
    siblings=("due_visits", "no_answers", "pairs"),
    person="要探访谁",
    acts=(
        Act("contact", "记一次探访", "home-check", RIGHT,
            lambda data, actor, on, row: ContactForm(data, initial={"on": on, "way": Way.HOME}), _contact, shows=_active,
            hint="一天之内两次没有回应，会自动转入“无人应答”。"),
        Act("send", "排进上门服务", "send", ORDER, lambda data, actor, on, row: SendForm(data, row=row, on=on),
            _done("已下探访订单，机构接单后进当天排班。", ordering.order_visit),
            shows=lambda row: _active(row) and not ordering.has_order(row)),
        Act("hasten", "登记变故", "alert-triangle", RIGHT, _form(ChangeForm),
            _done("已提前，请在一天内探访。", visiting.hasten), shows=_active,
            hint="摔倒、出院、丧亲以后，一天之内要有人去看。"),
        Act("pause", "暂停探访", "player-pause", RIGHT, _form(PauseForm), _done("已暂停。", visiting.pause_plan), shows=_active),
        Act("resume", "恢复探访", "player-play", RIGHT, _form(forms.Form), _done("已恢复，请在一天内探访。", visiting.resume_plan),
            shows=lambda row: row.state == PlanState.PAUSED),
        Act("end", "退出探访", "ban", RIGHT, _form(EndForm), _done("已退出探访名单。", visiting.end_plan)),
    ),
)  # fmt: skip


def _searching(row: NoAnswer) -> bool:
    return row.state != SearchStep.FOUND


NO_ANSWERS_DESK = Desk(
    register=NO_ANSWERS,
    one="no_answer",
    icon="search",
    lead="一天两次没有回应的人：当天上门查看，再联系家属，最后请公安协助。每一步都有时限和责任人。",
    empty="现在没有联系不上的人。",
    edit="nobody:nothing",
    sections=search_sections,
    siblings=("due_visits", "no_answers", "pairs"),
    acts=(
        Act("find", "确认平安", "circle-check", RIGHT, _form(FoundForm), _done("已了结。", searching.find, "search_id"), shows=_searching),
        Act("on", "还没找到，下一步", "arrow-right", RIGHT, _form(NoteForm),
            _done("已转入下一步，时限重新计算。", searching.search_on, "search_id"),
            shows=lambda row: row.state in {SearchStep.DOOR, SearchStep.FAMILY}),
    ),
)  # fmt: skip
