"""What the pages of the door-knock ask."""

from typing import Any

from django import forms

from wushe.faces.www.refusing import DayInput
from wushe.foundation.actor import Actor
from wushe.practice.door_knock.models import Aim, Reason
from wushe.practice.door_knock.selectors import accounts_at
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import tree
from wushe.registers.forms.selectors import usable_versions
from wushe.registers.people.selectors import tag_kinds

ASK = {"required": "请填写。", "invalid": "填写的内容不对，请检查。", "invalid_choice": "请从列表里选择。"}
DAY = {"required": "请选择日期。", "invalid": "日期不对，例如 2026-05-20。"}
TICK = {"required": "请至少选一项。", "invalid_choice": "请从列表里选择。", "invalid_list": "请从列表里选择。"}


class WorkersForm(forms.Form):
    """Who knocks."""

    worker_ids = forms.TypedMultipleChoiceField(
        label="谁去走访", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages=TICK,
        help_text="按楼栋平均分给选中的人，整栋楼不拆开，路线从近到远。",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, area_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = accounts_at(actor=actor, area_code=area_code)
        self.fields["worker_ids"].choices = [(user.pk, user.name) for user in people]  # type: ignore[attr-defined]


class CampaignForm(WorkersForm):
    """A new campaign."""

    title = forms.CharField(label="行动名称", max_length=60, error_messages=ASK, help_text="例如：2026年秋季敲门行动。")
    version_id = forms.TypedChoiceField(label="用哪张走访表", coerce=int, error_messages=ASK)
    area_code = forms.ChoiceField(label="范围", error_messages=ASK)
    aim = forms.ChoiceField(
        label="走访对象", choices=Aim.choices, widget=forms.RadioSelect, initial=Aim.HOUSEHOLDS, error_messages=ASK
    )
    tag_codes = forms.MultipleChoiceField(
        label="哪些类别的居民", required=False, widget=forms.CheckboxSelectMultiple, error_messages=TICK,
        help_text="只在逐人走访时选。名单里每一位都要见到，或写明见不到的原因。",
    )  # fmt: skip
    starts_on = forms.DateField(label="开始日期", widget=DayInput, error_messages=DAY)
    ends_on = forms.DateField(label="截止日期", widget=DayInput, error_messages=DAY)
    field_order = ("title", "version_id", "area_code", "aim", "tag_codes", "worker_ids", "starts_on", "ends_on")

    def __init__(self, *args: Any, actor: Actor, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, area_code=actor.area_code, **kwargs)
        versions = [(one.pk, f"{one.form.title}（第{one.number}版）") for one in usable_versions(actor=actor)]
        places = list(tree(code=actor.area_code, on=on, deepest=Level.COMMUNITY))
        choices: dict[str, Any] = {
            "version_id": versions, "area_code": [(area.area_code, area.name) for area in places],
            "tag_codes": [(kind.code, kind.title) for kind in tag_kinds()],
        }  # fmt: skip
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why somebody is not reached."""

    reason = forms.ChoiceField(label="走访不到的原因", choices=Reason.choices, error_messages=ASK)
    client_id = forms.UUIDField(widget=forms.HiddenInput, error_messages=ASK)


class ProposalForm(forms.Form):
    """Confirm or decline a category."""

    evidence = forms.CharField(label="依据", max_length=200, required=False)
    confirm = forms.TypedChoiceField(
        choices=[("1", "确认"), ("", "不认定")], coerce=lambda word: word == "1", required=False, empty_value=False
    )


class MeasureForm(forms.Form):
    """What is done about a line, by whom, until when."""

    measure = forms.CharField(
        label="措施", max_length=300, widget=forms.Textarea(attrs={"rows": 2}), error_messages=ASK
    )
    owner = forms.CharField(label="责任人", max_length=40, error_messages=ASK)
    due_on = forms.DateField(label="期限", widget=DayInput, error_messages=DAY)


class ProofForm(forms.Form):
    """The proof of what was done."""

    proof = forms.CharField(
        label="办结情况", max_length=300, widget=forms.Textarea(attrs={"rows": 2}), error_messages=ASK,
        help_text="做了什么、谁能证明。",
    )  # fmt: skip


class DropForm(forms.Form):
    """Why a line is taken off."""

    reason = forms.CharField(label="撤下的原因", max_length=300, error_messages=ASK)


class ProjectForm(forms.Form):
    """A project made of problems."""

    title = forms.CharField(label="项目名称", max_length=80, error_messages=ASK)
    purpose = forms.CharField(
        label="需求与目标", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK
    )


class TitleForm(forms.Form):
    """A new form."""

    title = forms.CharField(label="表名", max_length=60, error_messages=ASK, help_text="例如：老年人入户走访表。")
    lead = forms.CharField(label="用途", max_length=200, required=False)


class UploadForm(forms.Form):
    """A station's own XLSForm."""

    file = forms.FileField(
        label="XLSForm 文件", widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="用 KoBo、ODK 设计的 .xlsx 走访表可以直接传上来，最大2MB。",
        error_messages={"empty": "这个文件是空的。", **dict.fromkeys(("required", "missing", "invalid"), "请先选择文件。")},
    )  # fmt: skip
