"""What the desk asks about a need: record, triage, link, order, send, refer, close."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from wushe.chain.needs.models import Channel, Urgency
from wushe.chain.needs.triage.ranking import Suggestion
from wushe.chain.orders.selectors import Taker
from wushe.chain.resources.models import Society
from wushe.chain.resources.selectors import LinkChoices
from wushe.faces.www.refusing import ClockField, DayInput, OnceForm
from wushe.faces.www.templatetags.formats import minutes, moment, money
from wushe.registers.catalogue.models import Item, Package, Responsibility

RECORDED_BY_STAFF = [
    Channel.DOOR_KNOCK, Channel.WALK_IN, Channel.PHONE, Channel.SCOUT, Channel.HOTLINE, Channel.MEETING, Channel.WISH,
    Channel.ALARM,
]  # fmt: skip
OTHER = "other"
WEEKDAYS = [(str(number), f"周{name}") for number, name in enumerate("一二三四五六日", 1)]


class NeedForm(OnceForm):
    """A need in the resident's own words."""

    channel = forms.ChoiceField(
        label="来源", choices=[(c.value, c.label) for c in RECORDED_BY_STAFF],
        error_messages={"required": "请选择来源。", "invalid_choice": "请选择来源。"},
    )  # fmt: skip
    words = forms.CharField(
        label="居民怎么说",
        help_text="照原话记就行，例如：一个人住，好久没洗澡了，想请人上门帮忙洗。",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写下居民需要什么，用居民自己的话就行。"},
    )
    wanted_on = forms.DateField(
        label="希望哪天", required=False, widget=DayInput(), error_messages={"invalid": "日期不对，请重新选择。"}
    )
    wanted_from = ClockField(label="最早几点", required=False)
    wanted_until = ClockField(label="最晚几点", required=False)


class TriageForm(forms.Form):
    """Which service, how soon, whose duty."""

    item_id = forms.ChoiceField(
        label="服务项目", widget=forms.RadioSelect,
        error_messages={"required": "请选择一项服务。", "invalid_choice": "请选择一项服务。"},
    )  # fmt: skip
    other_item = forms.ChoiceField(label="从目录里选", required=False)
    urgency = forms.ChoiceField(
        label="紧急程度", widget=forms.RadioSelect,
        error_messages={"required": "请选择紧急程度。", "invalid_choice": "请选择紧急程度。"},
    )  # fmt: skip
    responsible_party = forms.ChoiceField(
        label="责任方", required=False, help_text="不选就按目录规定。",
        choices=[("", "按服务目录的规定"), *Responsibility.choices],
    )  # fmt: skip
    package_id = forms.ChoiceField(label="纳入套餐", required=False)
    duplicate_of_id = forms.ChoiceField(label="是不是重复", required=False, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, suggestions: Sequence[Suggestion], items: Sequence[Item], due: dict[str, datetime],
        packages: Sequence[Package], duplicates: Sequence[Any], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.items = {str(item.pk): item for item in items}
        suggested = [(str(s.item.pk), _suggested(s)) for s in suggestions]
        self.fields["item_id"].choices = [*suggested, (OTHER, "都不是，从目录里另选")]  # type: ignore[attr-defined]
        self.fields["other_item"].choices = [("", "请选择"), *_by_category(items)]  # type: ignore[attr-defined]
        self.fields["urgency"].choices = [  # type: ignore[attr-defined]
            (u.value, f"{u.label}（{moment(due[u.value])}前办结）") for u in Urgency
        ]
        self.fields["package_id"].choices = [  # type: ignore[attr-defined]
            ("", "不纳入套餐"), *[(str(p.pk), f"{p.name}：{p.plain}") for p in packages],
        ]  # fmt: skip
        if duplicates:
            self.fields["duplicate_of_id"].choices = [  # type: ignore[attr-defined]
                ("", "不是重复，单独办理"), *[(str(d.need.pk), f"与需求 {d.need.pk} 重复，并入办理") for d in duplicates],
            ]  # fmt: skip
        else:
            del self.fields["duplicate_of_id"]
        if not packages:
            del self.fields["package_id"]
        if not suggestions:
            self.fields["item_id"].initial = OTHER

    def clean(self) -> dict[str, Any]:
        """Resolve "other" to the service chosen from the catalogue, and the party to the catalogue's own."""
        values = super().clean() or {}
        chosen = values.get("item_id")
        if chosen == OTHER:
            chosen = values.get("other_item")
            if not chosen:
                self.add_error("other_item", "请从目录里选一项服务。")
        item = self.items.get(chosen or "")
        values["item"] = item
        if item and not values.get("responsible_party"):
            values["responsible_party"] = item.responsible_party
        return values


class LinkForm(forms.Form):
    """Which of the five societies, with which money or resource."""

    society = forms.ChoiceField(
        label="由哪一方来做", choices=Society.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择由五社中的哪一方来做。", "invalid_choice": "请选择由五社中的哪一方来做。"},
    )  # fmt: skip
    organisation_id = forms.TypedChoiceField(label="承接机构", required=False, coerce=int, empty_value=None)
    budget_line_id = forms.TypedChoiceField(label="用哪笔钱", required=False, coerce=int, empty_value=None)
    project_id = forms.TypedChoiceField(label="归到项目", required=False, coerce=int, empty_value=None)
    resource_id = forms.TypedChoiceField(label="用哪项资源", required=False, coerce=int, empty_value=None)
    resource_quantity = forms.IntegerField(label="使用数量", required=False, min_value=1)
    reason = forms.CharField(label="理由", required=False, max_length=200, help_text="为什么这样安排，方便日后查看。")

    def __init__(self, *args: Any, choices: LinkChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = {
            "organisation_id": [
                (o.pk, f"{o.name}{f'（{o.grade}）' if o.grade else ''}") for o in choices.organisations
            ],
            "budget_line_id": [
                (
                    b.pk,
                    f"{b.project.title} · {b.title}（{b.get_source_class_display()}，还剩 {money(b.account.balance)}）",
                )
                for b in choices.lines
            ],
            "project_id": [(p.pk, p.title) for p in choices.projects],
            "resource_id": [
                (r.pk, f"{r.get_kind_display()}：{r.title}（{r.owner.name}，还剩 {r.left}{r.unit}）")
                for r in choices.resources
            ],
        }
        for name, values in offers.items():
            empty = "不指定" if values else "目前没有可选的"
            self.fields[name].choices = [("", empty), *values]  # type: ignore[attr-defined]


class OrderForm(OnceForm):
    """How many visits, from when, in which rhythm and time of day."""

    visits_ordered = forms.IntegerField(
        label="一共几次", min_value=1, initial=1,
        error_messages={"required": "请填写服务次数。", "min_value": "至少1次。", "invalid": "请填写数字。"},
    )  # fmt: skip
    starts_on = forms.DateField(
        label="从哪天开始", widget=DayInput(),
        error_messages={"required": "请选择开始日期。", "invalid": "日期不对，请重新选择。"},
    )  # fmt: skip
    window_start = ClockField(label="最早几点上门", error_messages={"required": "请填写最早时间。"})
    window_end = ClockField(label="最晚几点上门", error_messages={"required": "请填写最晚时间。"})
    weekdays = forms.MultipleChoiceField(
        label="哪几天可以", required=False, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple,
        help_text="不选表示每天都可以。",
    )  # fmt: skip
    note = forms.CharField(
        label="给服务人员的话", required=False, max_length=200, help_text="例如：耳朵不好，敲门要大声。"
    )


class SendForm(forms.Form):
    """To which organisations an order goes."""

    organisation_ids = forms.TypedMultipleChoiceField(
        label="送给哪些机构", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一家机构。", "invalid_choice": "有的机构不能选，请重新选择。"},
    )  # fmt: skip

    def __init__(self, *args: Any, takers: Sequence[Taker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_ids"].choices = [  # type: ignore[attr-defined]
            (t.organisation.pk, _taker(t)) for t in takers
        ]


class ReferForm(forms.Form):
    """To whom a need is handed over."""

    where = forms.CharField(label="转给哪里", max_length=200, error_messages={"required": "请写明转给哪个部门或单位。"})


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=300, error_messages={"required": "请写明原因。"})


def _suggested(suggestion: Suggestion) -> str:
    item = suggestion.item
    price = f"{money(item.price_fen)}/{item.get_unit_display()}" if item.price_fen else "免费"
    said = "、".join(suggestion.words)
    return f"{item.name} · {minutes(item.minutes)} · {price}　因为说到“{said}”"


def _by_category(items: Sequence[Item]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        groups.setdefault(item.category, []).append((str(item.pk), f"{item.code} {item.name}"))
    return list(groups.items())


def _taker(taker: Taker) -> str:
    if not taker.workers:
        return f"{taker.organisation.name}：没有具备所需技能的人"
    free = minutes(max(0, taker.free_minutes))
    tried = "，这张单送过" if taker.offered_before else ""
    return (
        f"{taker.organisation.name}：{taker.workers}人能做，每周还有 {free}，在办 {taker.running} 单，"
        f"婉拒率 {taker.refusal_percent}%{tried}"
    )
