"""The desk of social workers: certificate and registration, employer, workplace and supervisor, and their hours."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from wushe.faces.www.registers.desk import Act, Desk, act_address
from wushe.faces.www.registers.forms import ASK, HoursField, RegisterForm, RowChoice, day_field
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import minutes as in_words
from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.registers.desk.declaration import Coded, Share
from wushe.registers.organisations.selectors import organisations
from wushe.registers.workforce.models import Learning, Qualification, Worker
from wushe.registers.workforce.posting import (
    add_learning,
    end_social_worker,
    post_social_worker,
    strike_learning,
    update_social_worker,
)
from wushe.registers.workforce.register import EDIT, SOCIAL_WORKERS, registration_state
from wushe.registers.workforce.selectors import learning_of, supervised_by, supervisors

EDUCATION_HOURS = "workforce.education.hours"


class SocialWorkerForm(RegisterForm):
    """Who employs a social worker, where they work, who supervises them, and their certificate."""

    organisation_id = RowChoice(label="用人单位", help_text="和谁签的合同。")
    area_code = forms.ChoiceField(
        label="工作地", help_text="在哪上班；可以和用人单位不在一处（街道招聘、社区使用）", error_messages=ASK
    )
    supervisor_id = RowChoice(label="督导", required=False)
    starts_on = day_field("到岗日期")
    level = forms.ChoiceField(label="资格级别", required=False, choices=[("", "未持证"), *Qualification.choices])
    certificate_number = forms.CharField(label="证书管理号", required=False, max_length=30)
    registered_on = day_field("登记日期", required=False)
    qualification_until = day_field("登记有效期至", required=False)

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def first_values(self) -> dict[str, Any]:
        """Begin today."""
        return {**super().first_values(), "starts_on": self.on}

    def prepare(self) -> None:
        """Offer the employers and supervisors of the scope; what a row has stays on offer."""
        employers = [(one.pk, one.name) for one in organisations(actor=self.actor)]
        others = [(one.pk, f"{one.person.name}（{one.number}）") for one in supervisors(actor=self.actor)]
        if self.row is not None:
            own = self.row.organisation
            employers += [(own.pk, own.name)] if own and own.pk not in dict(employers) else []
            others = [pair for pair in others if pair[0] != self.row.pk]
        self.offer("organisation_id", employers, empty="请选择")
        self.offer("supervisor_id", others, empty="没有督导")


class LearningForm(forms.Form):
    """Hours of one day."""

    kind = forms.ChoiceField(label="类别", choices=Learning.Kind.choices, widget=forms.RadioSelect, error_messages=ASK)
    title = forms.CharField(label="内容", max_length=80, error_messages=ASK, help_text="例如：老年社会工作实务培训。")
    on = day_field("日期")
    minutes = HoursField(label="时长（小时）")


class StrikeForm(forms.Form):
    """Which record of hours is wrong."""

    learning_id = RowChoice(label="哪一条记错了")

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"learning_id": row.part}
        super().__init__(*args, **kwargs)
        rows = [one for one in learning_of(worker=row) if one.struck_at is None]
        self.fields["learning_id"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.on} {one.title} {in_words(one.minutes)}") for one in rows
        ]


class EndForm(forms.Form):
    """When a post ends."""

    ends_on = day_field("离岗日期")


def sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a social worker."""
    hours = preset(EDUCATION_HOURS, area_code=row.area_code, on=on).get(row.level, 0)
    since = row.registered_on or on - timedelta(days=3 * 365)
    certificate = facts("资格与登记", "certificate", [
        ("资格级别", row.get_level_display() or "未持证"),
        ("证书管理号", row.certificate_number),
        ("登记", registration_state(row, on)),
        ("登记有效期至", row.qualification_until),
        ("本期继续教育", Share(row.education // 60, hours, "小时") if hours else in_words(row.education)),
    ], note=f"继续教育从 {since:%Y年%m月%d日} 起算，一个登记有效期内应修满 {hours} 小时。" if hours else "")  # fmt: skip
    supervisor = row.supervisor
    post = facts("用人与用工", "id-badge-2", [
        ("用人单位", row.organisation.name if row.organisation else None),
        ("工作地", row.place),
        ("督导", Link(supervisor.person.name, SOCIAL_WORKERS_DESK.address_of(supervisor.pk)) if supervisor else None),
        ("近一年受督导", in_words(row.supervision) if row.supervision else None),
        ("工号", row.number),
        ("到岗日期", row.starts_on),
        ("联系电话", str(row.person.phone)),
    ], note=_post_note(row))  # fmt: skip
    return [certificate, post, _hours(actor, row), *_supervised(row)]


def _post_note(row: Any) -> str:
    employer = row.organisation
    if employer is None or employer.area_code.startswith(row.area_code):
        return ""
    return "用人单位和工作地不在一处：合同、考核由两边共同负责。"


def _hours(actor: Actor, row: Any) -> Section:
    heads = ("内容", "类别", "日期", "时长")
    may = actor.may(EDIT)
    lines = [
        line(
            one.title if one.struck_at is None else f"{one.title}（已作废）",
            heads,
            (one.get_kind_display(), one.on, in_words(one.minutes)),
            acts=(("记错了", act_address("social_workers", row.pk, "strike", f"?part={one.pk}")),)
            if may and one.struck_at is None
            else (),
        )
        for one in learning_of(worker=row)[:30]
    ]
    act = ("登记学时", act_address("social_workers", row.pk, "learn")) if may else None
    return Listing("继续教育与督导", "school", heads, lines, "还没有登记学时。", act)


def _supervised(row: Any) -> list[Section]:
    others = list(supervised_by(worker=row))
    heads = ("姓名", "资格级别", "工号")
    lines = [
        line(
            one.person.name,
            heads,
            (one.get_level_display() or "未持证", one.number),
            SOCIAL_WORKERS_DESK.address_of(one.pk),
        )
        for one in others
    ]
    return [Listing(f"由他（她）督导的 {len(others)} 人", "users-group", heads, lines)] if others else []


def update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Worker:
    """Change a social worker."""
    return update_social_worker(actor=actor, at=at, worker_id=pk, changes=changes)


def create(*, actor: Actor, at: datetime, client_key: str = "", **values: Any) -> Worker:
    """Enter a social worker; the person can hold one such post, so a second sending is refused."""
    return post_social_worker(actor=actor, at=at, **values)


def _learn(actor: Actor, at: datetime, row: Worker, clean: dict[str, Any]) -> str:
    add_learning(actor=actor, at=at, worker_id=row.pk, **clean)
    return "学时已登记。"


def _strike(actor: Actor, at: datetime, row: Worker, clean: dict[str, Any]) -> str:
    strike_learning(actor=actor, at=at, learning_id=clean["learning_id"])
    return "这条学时已作废，记录仍然保留。"


def _end(actor: Actor, at: datetime, row: Worker, clean: dict[str, Any]) -> str:
    end_social_worker(actor=actor, at=at, worker_id=row.pk, **clean)
    return "离岗已登记。"


def state(row: Any, on: date) -> Coded:
    """Return how the registration stands."""
    return registration_state(row, on)


SOCIAL_WORKERS_DESK = Desk(
    register=SOCIAL_WORKERS,
    one="social_worker",
    icon="certificate",
    lead="谁持证、登记到哪天、学时够不够；谁招的、在哪干、谁督导。",
    empty="先在居民台账里登记本人，再把他（她）登记为社会工作者。",
    edit=EDIT,
    rounds="workers",
    form=SocialWorkerForm,
    create=create,
    update=update,
    sections=sections,
    person="先找到本人",
    acts=(
        Act("learn", "登记学时", "school", EDIT,
            lambda data, actor, on, row: LearningForm(data, initial={"on": on, "kind": "education"}), _learn),
        Act("strike", "作废学时", "ban", EDIT, lambda data, actor, on, row: StrikeForm(data, row=row), _strike, listed=False),
        Act("end", "登记离岗", "logout", EDIT, lambda data, actor, on, row: EndForm(data, initial={"ends_on": on}), _end,
            hint="他（她）督导的人不会自动换督导，请到台账里另行指定。"),
    ),
)  # fmt: skip
