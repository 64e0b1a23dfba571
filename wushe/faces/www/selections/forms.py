"""The forms of selections: the call, the proposal, the contract, and the points of a juror."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from wushe.chain.projects.models import SourceClass
from wushe.faces.www.refusing import YuanField
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, day_field, number_field
from wushe.foundation.presets.selectors import preset
from wushe.lines.selections.models import Proposal, Selection
from wushe.lines.selections.rules import rules_of
from wushe.lines.selections.states import SelectionKind, Side
from wushe.registers.areas.selectors import tree
from wushe.registers.organisations.selectors import carriers

_INDENT = {9: "　", 12: "　　"}


def long_text(label: str, *, most: int, hint: str = "", rows: int = 5) -> forms.CharField:
    """Return a field for several lines."""
    return forms.CharField(
        label=label, max_length=most, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}), error_messages=ASK
    )  # fmt: skip


class SelectionForm(RegisterForm):
    """What is wanted, with how much money, until when."""

    kind = forms.ChoiceField(label="类别", choices=SelectionKind.choices, widget=forms.RadioSelect, error_messages=ASK)
    title = forms.CharField(label="名称", max_length=60, error_messages=ASK)
    area_code = forms.ChoiceField(label="范围", error_messages=ASK)
    wanted = long_text("要做什么、有什么要求", most=3000, hint="会公开。写明要解决的问题、服务对象和对机构的要求。")
    listed_as = forms.ChoiceField(
        label="指导性目录", required=False, help_text="政府购买要选；公益创投不用选。", error_messages=ASK
    )
    source_class = forms.ChoiceField(label="资金来源", choices=SourceClass.choices, error_messages=ASK)
    budget_fen = YuanField(label="总预算（元）", help_text="政府购买按预算自动确定采购方式。", error_messages=ASK)
    limit_fen = YuanField(label="每个项目最多（元）", required=False, help_text="政府购买不用填。")
    due_on = day_field("截止日期", hint="当天还可以提交，过了这一天一律不收。")
    starts_on = day_field("项目开始")
    ends_on = day_field("项目结束")

    def prepare(self) -> None:
        """Offer the purchase list of the place."""
        listed = preset("selections.catalogue.purchase", area_code=self.actor.area_code, on=self.on)
        self.offer("listed_as", [(one, one) for one in listed], empty="不适用（公益创投）")

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Show yuan."""
        return {**super().initial_of(row), "budget_fen": row.budget_fen / 100, "limit_fen": row.limit_fen / 100}

    def clean_limit_fen(self) -> int:
        """Return fen; nothing is 0."""
        return self.cleaned_data["limit_fen"] or 0


class ProposalForm(forms.Form):
    """What an organisation offers."""

    title = forms.CharField(label="项目名称", max_length=60, error_messages=ASK)
    area_code = forms.ChoiceField(label="在哪里做", error_messages=ASK)
    purpose = long_text("需求和目标", most=3000, hint="为谁解决什么问题，达到什么可以衡量的目标。")
    logic = long_text("服务方案", most=3000, hint="怎么做，用什么专业方法，五社各自做什么。")
    indicators = long_text("指标", most=1000, hint="每行一项，例如：服务60位独居老人，孤独感平均下降2分。", rows=3)
    people = number_field("预计服务人数", required=True, most=10_000_000)
    asked_fen = YuanField(label="申请金额（元）", error_messages=ASK)
    papers = forms.CharField(
        label="附件清单", max_length=300, required=False, help_text="随申报书交的材料，例如：预算表、登记证书复印件。"
    )

    def __init__(self, data: Any, *, selection: Selection, on: date, proposal: Proposal | None = None) -> None:
        begun = None
        if proposal is not None:
            begun = {name: getattr(proposal, name) for name in self.base_fields}
            begun |= {"indicators": "\n".join(proposal.indicators), "asked_fen": proposal.asked_fen / 100}
        super().__init__(data, initial=begun)
        places = tree(code=selection.area_code, on=on)
        self.fields["area_code"].choices = [  # type: ignore[attr-defined]
            (one.area_code, f"{_INDENT.get(one.level, '')}{one.name}") for one in places
        ]

    def clean_indicators(self) -> list[str]:
        """Return one entry for each line."""
        return [line for line in self.cleaned_data["indicators"].splitlines() if line.strip()]


class FileForm(forms.Form):
    """What an organisation promises, clause by clause."""

    declared = forms.MultipleChoiceField(
        label="申报承诺（逐条确认）",
        widget=forms.CheckboxSelectMultiple,
        error_messages={**ASK, "required": "请逐条确认承诺。"},
    )

    def __init__(self, data: Any, *, proposal: Proposal, on: date) -> None:
        super().__init__(data)
        wanted = rules_of(proposal.selection, on=on).value("declarations")
        self.fields["declared"].choices = [(one, one) for one in wanted]  # type: ignore[attr-defined]


class JurorForm(forms.Form):
    """Who is invited."""

    username = forms.CharField(
        label="评委的登录名",
        max_length=60,
        help_text="每位评委用自己的账号打分。机构负责人、经办人不能当评委。",
        error_messages=ASK,
    )
    side = forms.ChoiceField(label="身份", choices=Side.choices, widget=forms.RadioSelect, error_messages=ASK)


class DefenceForm(forms.Form):
    """When the applicants stand before the jury."""

    defence_on = day_field("答辩日期", hint="从这一天起评委可以打分。")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK)


class RemarkForm(forms.Form):
    """A word that may be left out."""

    remark = forms.CharField(label="审查意见", max_length=300, required=False)


class BarForm(forms.Form):
    """Where it does not qualify."""

    remark = long_text("哪里不符合", most=300, hint="会告诉申报机构。", rows=3)


class AskForm(forms.Form):
    """What is to be mended."""

    ask = long_text("要补什么", most=300, rows=3)


class FixForm(forms.Form):
    """The sum that the jury fixed."""

    fixed_fen = YuanField(label="核定金额（元）", help_text="不超过申请金额。", error_messages=ASK)


class ObjectionForm(forms.Form):
    """What somebody objects to."""

    text = long_text("您对什么有异议", most=500, hint="写明是哪个项目、什么地方。请不要写别人的姓名和电话。")


class AnswerForm(forms.Form):
    """The answer to an objection."""

    upheld = forms.TypedChoiceField(
        label="异议是否成立", choices=[("no", "不成立"), ("yes", "成立，重新评审")], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes", empty_value=None, error_messages=ASK,
    )  # fmt: skip
    answer = long_text("答复", most=500, hint="会公开。", rows=4)


class ContractForm(forms.Form):
    """The contract as it was signed."""

    number = forms.CharField(label="合同编号", max_length=40, error_messages=ASK)
    carries_itself = forms.BooleanField(label="合同写明承接机构自己履行，不得转包", required=False)
    late_reason = forms.CharField(label="逾期原因", max_length=200, required=False, help_text="在时限内签订的不用填。")


class AdditionForm(forms.Form):
    """What is added."""

    amount_fen = YuanField(label="追加金额（元）", error_messages=ASK)
    reason = long_text("追加什么、为什么", most=200, rows=3)


class BanForm(RegisterForm):
    """Who is kept out, where and why."""

    organisation_id = RowChoice(label="机构")
    area_code = forms.ChoiceField(label="在哪里不能申报", error_messages=ASK)
    reason = long_text("违约或失信的情况", most=200, rows=3)

    def prepare(self) -> None:
        """Offer the organisations of the register."""
        self.offer("organisation_id", [(one.pk, one.name) for one in carriers(on=self.on)])


class ScoreForm(forms.Form):
    """One juror's points, criterion by criterion."""

    words = forms.CharField(label="评语", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any, *, criteria: Mapping[str, int], given: Mapping[str, int], words: str) -> None:
        self.criteria = list(criteria)
        begun = {f"c{number}": given.get(one) for number, one in enumerate(self.criteria)} | {"words": words}
        super().__init__(data, initial=begun)
        parts = {
            f"c{number}": forms.IntegerField(
                label=f"{one}（满分{criteria[one]}）", min_value=0, max_value=criteria[one],
                error_messages={"required": "请打分。", "invalid": "请填整数。", "min_value": "不能小于0。",
                                "max_value": f"不能超过{criteria[one]}。"},
            )
            for number, one in enumerate(self.criteria)
        }  # fmt: skip
        self.fields = {**parts, **self.fields}

    def parts(self) -> dict[str, int]:
        """Return the points by criterion."""
        return {one: self.cleaned_data[f"c{number}"] for number, one in enumerate(self.criteria)}


class RecuseForm(forms.Form):
    """Why a juror keeps out."""

    reason = forms.CharField(label="回避原因", max_length=100, error_messages=ASK)
