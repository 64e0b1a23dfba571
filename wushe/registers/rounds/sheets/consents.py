"""The spreadsheet of consents: who agreed to what, under which notice, on which day, and who agreed for them."""

from datetime import date

from wushe.registers.rounds.reading import dates, identity, words
from wushe.registers.rounds.reading.cells import Cell

from .description import Column, Row, Sheet
from .facilities import Names
from .people import IGNORED, NAME, known_columns
from .residents import PLACE, STREET

_SPOKEN = {
    "建档": "service", "服务": "service", "建档服务": "service", "提供服务": "service", "个人信息": "service", "共享": "sharing", "信息共享": "sharing",
    "拍照": "photo", "照片": "photo", "拍照存证": "photo", "位置": "location", "健康": "health", "健康档案": "health", "宣传": "publicity",
    "肖像宣传": "publicity", "宣传报道": "publicity",
}  # fmt: skip


def consents(on: date, purposes: Names = ()) -> Sheet:
    """Return the sheet on a day; `purposes` are what can be agreed to, title and code, each a column of its own too."""

    def day(cell: Cell) -> date:
        return dates.exact(cell, today=on)

    choice = words.Choice({**dict(purposes), **_SPOKEN}, "用途")
    each = tuple(
        Column(f"tag:{code}", f"同意{title}", words.yes_or_no, (title, f"是否同意{title}", *_names(code)))
        for title, code in purposes
    )
    columns = (
        *known_columns(names=("被告知人", *NAME)),
        Column("place", "所属社区", words.line(80), PLACE),
        Column("street", "所属街道", words.line(80), STREET),
        Column("purposes", "同意用途", words.Several(choice), ("用途", "同意事项", "授权事项", "授权用途", "同意内容"), hint="用顿号隔开"),
        Column("notice_version", "告知书版本", words.line(20, least=1), ("版本", "告知书", "知情同意书版本", "告知版本"), hint="空着是现行的那一份"),
        Column("given_on", "同意日期", day, ("签署日期", "签字日期", "授权日期", "签订日期", "同意时间", "签署时间")),
        Column("giver_name", "同意人姓名", identity.name, ("代签人", "代签人姓名", "监护人", "监护人姓名", "签字人", "签署人"), hint="不是本人时填；未满14周岁必填监护人"),
        Column("giver_number", "同意人身份证号", identity.id_number, ("监护人身份证号", "监护人身份证", "代签人身份证号", "签署人身份证号"), protected="id_number"),
        Column("giver_phone", "同意人电话", identity.phone, ("监护人电话", "监护人联系电话", "代签人电话", "签署人电话"), protected="phone"),
        Column("withdrawn_on", "撤回日期", day, ("撤回时间", "撤销日期", "取消日期")),
        *each,
    )  # fmt: skip
    return Sheet("consents", "知情同意", "份同意", "people:edit", columns, (*IGNORED, "与本人关系", "监护关系"), agree)


def _names(code: str) -> tuple[str, ...]:
    return tuple(f"是否同意{name}" for name, meant in _SPOKEN.items() if meant == code)


def agree(row: Row, on: date) -> None:
    """Gather the purposes from their column and from the columns of their own; refuse days to come."""
    values = row.values
    said = dict.fromkeys(values.get("purposes", ()))
    said |= dict.fromkeys(code[4:] for code, yes in values.items() if code.startswith("tag:") and yes)
    values["purposes"] = list(said)
    if not said:
        row.refuse("purposes", "请填同意的用途，如 建档和提供服务、拍照存证。")
    if "name" not in values and "id_number" not in values:
        row.refuse("name", "请填姓名和身份证号。")
    if values.get("given_on", on) > on:
        row.refuse("given_on", "日期不能晚于今天。")
    if not values.get("given_on", date.min) <= values.get("withdrawn_on", on) <= on:
        row.refuse("withdrawn_on", "撤回日期应在同意之后、今天之前。")
