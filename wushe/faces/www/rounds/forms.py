"""What a round asks: the file, and what its headings mean."""

from typing import Any

from django import forms

_ENDINGS = ".xlsx,.xls,.csv,.txt,.json"


class UploadForm(forms.Form):
    """The spreadsheet."""

    file = forms.FileField(
        label="表格文件", widget=forms.FileInput(attrs={"accept": _ENDINGS}),
        help_text="Excel（.xlsx、.xls）最大30MB，CSV最大300MB。列名用你们自己的就行。",
        error_messages={"empty": "这个文件是空的。", **dict.fromkeys(("required", "missing", "invalid"), "请先选择文件。")},
    )  # fmt: skip


class ColumnsForm(forms.Form):
    """One choice for each heading of the file."""

    def __init__(
        self, *args: Any, headings: list[str], chosen: dict[str, str], choices: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings
        for number, heading in enumerate(headings):
            self.fields[f"h{number}"] = forms.ChoiceField(
                label=heading or f"第{number + 1}列（没有列名）", choices=[("", "不导入这一列"), *choices], required=False,
                initial=chosen.get(heading, ""), error_messages={"invalid_choice": "没有这一列。"},
            )  # fmt: skip

    def said(self) -> dict[str, str]:
        """Return what each heading means."""
        return {heading: self.cleaned_data.get(f"h{number}", "") for number, heading in enumerate(self.headings)}

    def refuse(self, fields: dict[str, str]) -> None:
        """Put the refusals of headings beside them."""
        for number, heading in enumerate(self.headings):
            if heading in fields:
                self.add_error(f"h{number}", fields[heading])
