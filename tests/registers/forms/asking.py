"""Forms for tests: a small household visit, and XLSForms as a station writes them."""

from io import BytesIO
from typing import Any

import xlsxwriter

YES_NO = [{"code": "yes", "label": "是", "score": 2}, {"code": "no", "label": "否", "score": 0}]


def question(name: str, kind: str = "text", label: str = "", **more: Any) -> dict[str, Any]:
    """Return one question."""
    return {"name": name, "kind": kind, "label": label or name, **more}


def household_visit() -> list[dict[str, Any]]:
    """Return the questions of a household visit with every way an answer is written on."""
    return [
        question("alone", "one", "老人是否独居", required=True, choices=YES_NO, fills="tag:living_alone"),
        question("days", "integer", "几天没人上门了", relevant="${alone} = 'yes'", constraint=". >= 0 and . <= 60",
                 constraint_message="请填0到60天。"),
        question("phone", "text", "联系电话", fills="person:phone"),
        question("needs", "repeat", "需要什么", children=[
            question("words", "text", "居民原话", required=True, fills="need"),
            question("item", "text", "想要的服务", fills="service"),
        ]),
        question("danger", "text", "家里有什么安全隐患", fills="problem"),
        question("offer", "text", "能为邻里出什么力", fills="resource:people"),
        question("agree", "one", "同意为提供服务使用个人信息", choices=YES_NO, fills="consent:service"),
        question("note", "text", "其他情况"),
    ]  # fmt: skip


def workbook(survey: list[list[str]], choices: list[list[str]], *, title: str = "走访表") -> bytes:
    """Return an XLSForm."""
    kept = BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheets = {"survey": survey, "choices": [["list_name", "name", "label", "score"], *choices],
              "settings": [["form_title", "form_id"], [title, "visit"]]}  # fmt: skip
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    book.close()
    return kept.getvalue()
