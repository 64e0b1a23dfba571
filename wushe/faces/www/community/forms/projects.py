"""What the desk asks about a project and its money."""

from collections.abc import Iterable
from typing import Any

from django import forms

from wushe.chain.projects.models import SourceClass
from wushe.faces.www.refusing import DayInput, OnceForm, YuanField
from wushe.registers.areas.models import Area
from wushe.registers.organisations.models import Organisation

_DAY = {"required": "请选择日期。", "invalid": "日期不对，请重新选择。"}


class ProjectForm(OnceForm):
    """The design of a project."""

    title = forms.CharField(label="项目名称", max_length=80, error_messages={"required": "请填写项目名称。"})
    area_code = forms.ChoiceField(label="实施地区", error_messages={"required": "请选择地区。"})
    scene = forms.ChoiceField(label="应用场景", required=False)
    purpose = forms.CharField(
        label="需求与目标", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="从哪些需求来，要做到什么样。", error_messages={"required": "请写明要解决什么需求、达到什么目标。"},
    )  # fmt: skip
    logic = forms.CharField(
        label="怎么做", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="社区、社工、社会组织、志愿者、慈善资源各做什么。",
    )  # fmt: skip
    indicators = forms.CharField(
        label="指标",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个，例如：服务300人次。",
    )
    carrier_id = forms.TypedChoiceField(label="承接机构", required=False, coerce=int, empty_value=None)
    starts_on = forms.DateField(label="开始日期", required=False, widget=DayInput(), error_messages=_DAY)
    ends_on = forms.DateField(label="结束日期", required=False, widget=DayInput(), error_messages=_DAY)

    def __init__(
        self, *args: Any, places: Iterable[Area], carriers: Iterable[Organisation], scenes: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = [(p.area_code, p.name) for p in places]  # type: ignore[attr-defined]
        self.fields["scene"].choices = [("", "不指定"), *scenes]  # type: ignore[attr-defined]
        self.fields["carrier_id"].choices = [("", "以后再定"), *[(o.pk, o.name) for o in carriers]]  # type: ignore[attr-defined]


class CarrierForm(forms.Form):
    """Who carries a project."""

    carrier_id = forms.TypedChoiceField(
        label="承接机构",
        coerce=int,
        error_messages={"required": "请选择承接机构。", "invalid_choice": "请选择承接机构。"},
    )

    def __init__(self, *args: Any, carriers: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier_id"].choices = [("", "请选择"), *[(o.pk, o.name) for o in carriers]]  # type: ignore[attr-defined]


class BudgetLineForm(forms.Form):
    """Money of one source for one purpose."""

    title = forms.CharField(label="科目", max_length=60, error_messages={"required": "请填写科目名称。"})
    source_class = forms.ChoiceField(label="资金来源", choices=SourceClass.choices)
    amount = YuanField(
        label="金额（元）", error_messages={"required": "请填写金额。", "invalid": "请填写数字，最多两位小数。",
                                             "min_value": "金额应大于零。", "max_decimal_places": "最多两位小数。"},
    )  # fmt: skip
