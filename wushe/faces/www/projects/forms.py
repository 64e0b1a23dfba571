"""What is asked about the money of a project: the grant, the report, what to put right, and what was measured."""

from collections.abc import Iterable
from typing import Any

from django import forms

from wushe.chain.projects.models import BudgetLine
from wushe.chain.projects.standards import Mark
from wushe.faces.www.refusing import DayInput, YuanField
from wushe.foundation.errors import Invalid
from wushe.foundation.quantities import show_fen

_DAY = {"required": "请选择日期。", "invalid": "日期不对，请重新选择。"}
_YUAN = {
    "required": "请填写金额。", "invalid": "请填写数字，最多两位小数。", "min_value": "金额应大于零。",
    "max_decimal_places": "最多两位小数。", "max_digits": "金额太大，请核对。", "max_whole_digits": "金额太大，请核对。",
}  # fmt: skip


def words(label: str, most: int, *, required: bool = True, rows: int = 0, **more: Any) -> forms.CharField:
    """Return a field for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    errors = {"required": f"请填写{label}。", "max_length": f"{label}请写在{most}个字以内。"}
    return forms.CharField(
        label=label, max_length=most, required=required, widget=widget, error_messages=errors, **more
    )


def number(label: str, lowest: int, highest: int, **more: Any) -> forms.IntegerField:
    """Return a field for a whole number."""
    errors = {
        "required": f"请填写{label}。", "invalid": "请填写整数。", "min_value": f"不能小于{lowest}。",
        "max_value": f"不能大于{highest}。",
    }  # fmt: skip
    return forms.IntegerField(label=label, min_value=lowest, max_value=highest, error_messages=errors, **more)


def day(label: str, **more: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, widget=DayInput(), error_messages=_DAY, **more)


def yuan(label: str, **more: Any) -> YuanField:
    """Return a field for money."""
    return YuanField(label=label, error_messages=_YUAN, **more)


class SharesField(forms.CharField):
    """Percentages of tranches as people write them: 50/30/20."""

    def clean(self, value: Any) -> list[int]:
        """Return the percentages, [] for an empty field."""
        parts = super().clean(value).replace("，", "/").replace(",", "/").replace(" ", "").split("/")
        if parts == [""]:
            return []
        if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            raise forms.ValidationError("各批比例请写成 50/30/20 的样子。")
        return [int(part) for part in parts]


class GrantForm(forms.Form):
    """Money promised in tranches."""

    title = words("名称", 60, help_text="例如：公益创投资助、社工服务采购合同。")
    line_id = forms.TypedChoiceField(
        label="从哪个科目拨付", coerce=int,
        error_messages={"required": "请选择科目。", "invalid_choice": "请选择科目。"},
    )  # fmt: skip
    amount_fen = yuan("金额（元）")
    shares = SharesField(label="各批比例（%）", required=False, max_length=40)
    agreed_on = day("约定日期")

    def __init__(self, *args: Any, lines: Iterable[tuple[BudgetLine, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(line.pk, f"{line.title}（可约定 {show_fen(free)}）") for line, free in lines]
        self.fields["line_id"].choices = [("", "请选择"), *rows]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = words("原因", 200)


class RemarkForm(forms.Form):
    """What is said to the carrier."""

    remark = words("意见", 300, rows=2)


class ShortRemarkForm(forms.Form):
    """A few words, if any."""

    remark = words("意见", 300, required=False)


class ExcuseForm(RemarkForm):
    """A later day, and why."""

    until = day("延到哪一天")
    field_order = ("until", "remark")


class VoucherForm(forms.Form):
    """The voucher of a payment."""

    voucher = words("付款凭证号", 60)


class ReportForm(forms.Form):
    """What the carrier files."""

    text = words("做了什么，效果怎样", 4000, rows=8)
    people = number("服务了多少人（不重复计算）", 0, 10_000_000)
    spent_fen = yuan("已支出（元）")
    papers = words("附件清单", 300, required=False, help_text="例如：签到表3张、照片12张、票据9张。")


class FaultForm(forms.Form):
    """What has to be put right, and until when."""

    fault = words("问题", 300, rows=2)
    due_on = day("整改期限")


class AnswerForm(forms.Form):
    """What was put right."""

    answer = words("整改情况", 500, rows=3)


class MeasureForm(forms.Form):
    """A scale."""

    title = words("量什么", 60, help_text="例如：孤独感、生活自理、邻里来往。")
    lowest = number("最低分", -1000, 1000, initial=0)
    highest = number("最高分", -1000, 1000, initial=10)
    more_is_better = forms.TypedChoiceField(
        label="怎样算变好", choices=[("yes", "分数升高"), ("no", "分数降低")], coerce=lambda value: value == "yes"
    )


class ReadingForm(forms.Form):
    """What one person scored."""

    measure_id = forms.TypedChoiceField(label="量表", coerce=int, error_messages={"required": "请选择量表。"})
    who = words("居民", 40, help_text="姓名、手机号或身份证号。")
    value = number("分数", -1000, 1000)
    on = day("测量日期")

    def __init__(self, *args: Any, measures: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure_id"].choices = list(measures)  # type: ignore[attr-defined]


class StandardForm(forms.Form):
    """The project standard: for each clause a verdict and what was seen; clauses left open are not marked."""

    VERDICTS = (("", "还没看"), ("yes", "符合"), ("no", "不符合"))

    def __init__(self, *args: Any, clauses: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = list(clauses)
        for place, clause in enumerate(self.clauses):
            mark = clause.mark
            self.fields[f"verdict_{place}"] = forms.ChoiceField(
                label=clause.text, choices=self.VERDICTS, required=False,
                initial=("yes" if mark.met else "no") if mark else "",
            )  # fmt: skip
            self.fields[f"evidence_{place}"] = words(
                "看到的材料", 200, required=False, initial=mark.evidence if mark else ""
            )  # fmt: skip

    def marks(self) -> dict[str, Mark]:
        """Return the marks that were made; raise Invalid beside a mark without evidence."""
        found, faults = {}, {}
        for place, clause in enumerate(self.clauses):
            verdict = self.cleaned_data[f"verdict_{place}"]
            evidence = self.cleaned_data[f"evidence_{place}"]
            if verdict and not evidence.strip():
                faults[f"evidence_{place}"] = "请写明看到了什么材料。"
            elif verdict:
                found[clause.text] = Mark(met=verdict == "yes", evidence=evidence)
        if faults:
            raise Invalid(fields=faults)
        if not found:
            raise Invalid("请至少核对一条。")
        return found

    def rows(self, start: int, count: int) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the pairs of fields of so many clauses."""
        return [(self[f"verdict_{n}"], self[f"evidence_{n}"]) for n in range(start, start + count)]
