"""A station's own XLSForm becomes a form: pyxform reads the file, this module takes over what the product can ask.

Two further columns are understood: `fills` on the sheet survey (what an answer is written into) and `score` on the
sheet choices. What cannot be taken over is refused by name, never dropped silently.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from wushe.foundation.errors import Invalid

from .questions import Question

LARGEST_BYTES = 2 * 1024 * 1024
_LARGEST_UNPACKED = 50 * 1024 * 1024
_KINDS = {
    "text": "text", "integer": "integer", "int": "integer", "decimal": "decimal", "date": "date", "note": "note",
    "select one": "one", "select all that apply": "many", "photo": "photo", "image": "photo", "calculate": "calculate",
    "group": "group", "repeat": "repeat",
}  # fmt: skip
_LEFT_OUT = {
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "phonenumber",
    "subscriberid",
    "simserial",
    "audit",
    "meta",
}
"""What phones write down by themselves; the product keeps times and accounts anyway."""
_SAID = (
    (re.compile(r"\[row : (\d+)\] List name not in choices sheet: (\S+)"), "第{0}行用到的选项表“{1}”在 choices 工作表里没有。"),
    (re.compile(r"\[row : (\d+)\].*[Ii]nvalid question name.*?'([^']*)'"), "第{0}行的代号“{1}”不对，只能用字母、数字和下划线。"),
    (re.compile(r"\[row : (\d+)\].*Unknown question type '([^']*)'"), "第{0}行的题型“{1}”不认识。"),
    (re.compile(r"Unknown question type '([^']*)'"), "题型“{0}”不认识。"),
    (re.compile(r"no survey element named '([^']*)'|no survey element named (\S+)"), "条件里引用的题“{0}{1}”在表里没有。"),
    (re.compile(r"\[row : (\d+)\].*[Uu]nmatched"), "第{0}行的分组没有成对：begin 和 end 要一一对应。"),
    (re.compile(r"[Uu]nmatched"), "分组没有成对：begin 和 end 要一一对应。"),
    (re.compile(r"must have a sheet named.*survey|'survey' sheet", re.DOTALL), "文件里没有名为 survey 的工作表，这不是 XLSForm。"),
    (re.compile(r"choices sheet"), "表里有选择题，但 choices 工作表里没有选项（要有 list_name、name、label 三列）。"),
    (re.compile(r"\[row : (\d+)\]"), "第{0}行有错，请对照 XLSForm 的写法检查这一行的类型、代号和选项。"),
)  # fmt: skip


class UnreadableForm(Invalid):
    """The file is no XLSForm that can be taken over."""

    message = "这个文件不是能用的 XLSForm。"

    def __init__(self, message: str = "") -> None:
        super().__init__(fields={"file": message or self.message})


def read_xlsform(content: bytes, *, filename: str) -> tuple[str, list[Question]]:
    """Return title and questions of an XLSForm; raise UnreadableForm with what to mend."""
    _refuse_what_is_no_workbook(content, filename)
    try:
        survey = convert(xlsform=content, file_type=".xlsx", validate=False)._pyxform
    except PyXFormError as error:
        raise UnreadableForm(_in_chinese(str(error))) from error
    except Exception as error:
        # The library falls over damaged workbooks in many ways; whatever it was, nothing has been kept.
        raise UnreadableForm from error
    refused: list[str] = []
    questions = _questions(survey.get("children", []), refused)
    if refused:
        raise UnreadableForm("这些内容还不支持：" + "；".join(refused[:8]))
    title = _words(survey.get("title"))
    return (title if title and title != "data" else filename.rpartition(".")[0] or "走访表")[:60], questions


def _refuse_what_is_no_workbook(content: bytes, filename: str) -> None:
    if len(content) > LARGEST_BYTES:
        raise UnreadableForm("文件太大，XLSForm 最大2MB。")
    try:
        with ZipFile(BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > _LARGEST_UNPACKED:
                raise UnreadableForm("文件解开后太大，不能读取。")
    except BadZipFile as error:
        raise UnreadableForm("请上传 .xlsx 格式的 XLSForm（旧的 .xls 请先另存为 .xlsx）。") from error


def _in_chinese(message: str) -> str:
    for pattern, words in _SAID:
        if found := pattern.search(message):
            return words.format(*(part or "" for part in found.groups()))
    return UnreadableForm.message


def _words(value: Any) -> str:
    """Return a label; of several languages Chinese, else the first."""
    if isinstance(value, Mapping):
        chinese = [text for language, text in value.items() if re.search("zh|中文|Chinese", str(language))]
        return str((chinese or list(value.values()) or [""])[0]).strip()
    return str(value or "").strip()


def _questions(children: list[Mapping[str, Any]], refused: list[str]) -> list[Question]:
    taken = []
    for child in children:
        if child.get("type") in _LEFT_OUT or child.get("name") == "meta":
            continue
        kind = _KINDS.get(str(child.get("type")))
        if kind is None:
            refused.append(f"“{_words(child.get('label')) or child.get('name')}”的题型 {child.get('type')}")
            continue
        taken.append(_question(child, kind, refused))
    return taken


def _question(child: Mapping[str, Any], kind: str, refused: list[str]) -> Question:
    bind = child.get("bind") or {}
    question: Question = {
        "name": str(child.get("name") or ""), "kind": kind, "label": _words(child.get("label")),
        "hint": _words(child.get("hint")), "required": str(bind.get("required", "")).lower() in {"yes", "true", "true()"},
        "relevant": str(bind.get("relevant") or ""), "constraint": str(bind.get("constraint") or ""),
        "constraint_message": _words(bind.get("jr:constraintMsg")), "calculation": str(bind.get("calculate") or ""),
        "fills": _words(child.get("fills")),
    }  # fmt: skip
    if kind in {"one", "many"}:
        if child.get("choice_filter"):
            refused.append(f"“{question['label']}”的 choice_filter（按前面的题筛选项）")
        question["choices"] = [_choice(one, refused) for one in child.get("choices", [])]
    if kind in {"group", "repeat"}:
        question["children"] = _questions(child.get("children", []), refused)
        question["label"] = question["label"] or question["name"]
    return question


def _choice(one: Mapping[str, Any], refused: list[str]) -> dict[str, Any]:
    score = _words(one.get("score")) or "0"
    if not re.fullmatch(r"-?\d{1,4}", score):
        refused.append(f"选项“{_words(one.get('label'))}”的分数“{score}”（要填整数）")
        score = "0"
    return {"code": _words(one.get("name")), "label": _words(one.get("label")), "score": int(score)}
