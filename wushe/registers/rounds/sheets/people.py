"""The columns by which a person is named in any register, and that the ID number, the birthday and the sex must agree."""

from collections.abc import Callable
from datetime import date

from wushe.registers.rounds.reading import dates, identity, words
from wushe.registers.rounds.reading.cells import Cell

from .description import Column, Row

OLDEST = 130
ID_NUMBER = (
    "身份证",
    "身份证号码",
    "公民身份号码",
    "公民身份证号码",
    "居民身份证号",
    "证件号码",
    "证件号",
    "身份证件号码",
    "本人身份证号",
    "身份证编号",
    "身份号码",
    "老人身份证号",
)
PHONE = (
    "电话",
    "手机",
    "手机号",
    "手机号码",
    "联系方式",
    "电话号码",
    "联系电话号码",
    "本人电话",
    "本人联系电话",
    "联系手机",
    "移动电话",
    "固定电话",
    "手机或座机",
)
NAME = (
    "居民姓名",
    "老人姓名",
    "名字",
    "名称姓名",
    "本人姓名",
    "姓 名",
    "服务对象",
    "服务对象姓名",
    "人员姓名",
    "户内人员姓名",
    "成员姓名",
)
BORN = ("出生年月", "出生年月日", "生日", "出生时间", "出生", "生年月日", "出生日期公历")
IGNORED = (
    "序号",
    "年龄",
    "周岁",
    "民族",
    "籍贯",
    "政治面貌",
    "文化程度",
    "学历",
    "婚姻状况",
    "备注",
    "备注说明",
    "填表日期",
    "填表人",
    "签名",
    "本人签字",
)


def today_free(read: Callable[..., object]) -> Callable[[date], Callable[[Cell], object]]:
    """Return a maker of readers that know the day on which they read."""
    return lambda today: lambda cell: read(cell, today=today)


def person_columns(*, name: str = "姓名", names: tuple[str, ...] = NAME, on: date) -> tuple[Column, ...]:
    """Return name, ID number, sex, birthday and telephone."""
    return (
        Column("name", name, identity.name, names, required=True),
        Column("id_number", "身份证号", identity.id_number, ID_NUMBER, protected="id_number", hint="18位，按文本填写"),
        Column("sex", "性别", words.sex, ("男女",), hint="男 / 女；填了身份证号可不填"),
        Column(
            "born_on",
            "出生日期",
            lambda cell: dates.day(cell, today=on),
            BORN,
            hint="如 1950-03-05；填了身份证号可不填",
        ),
        Column("phone", "联系电话", identity.phone, PHONE, protected="phone"),
    )


def known_columns(*, names: tuple[str, ...] = NAME, required: bool = False) -> tuple[Column, ...]:
    """Return name, ID number and telephone of somebody who is on record already."""
    return (
        Column("name", "姓名", identity.name, names, required=required),
        Column("id_number", "身份证号", identity.id_number, ID_NUMBER, protected="id_number", hint="用来认出台账里的居民"),
        Column("phone", "联系电话", identity.phone, PHONE, protected="phone", hint="没有身份证号时用来认人"),
    )  # fmt: skip


def agree(row: Row, on: date) -> None:
    """Let the ID number give birthday and sex, and refuse what contradicts it; a bare month stands for its first day."""
    values, number, born = row.values, row.values.get("id_number"), row.values.get("born_on")
    if number:
        birthday, sex = identity.birthday(number), identity.sex(number)
        if born is not None and not born.agrees(birthday):
            row.refuse("born_on", f"与身份证号里的出生日期（{birthday}）不一致。")
        if values.get("sex", sex) != sex:
            row.refuse("sex", f"与身份证号里的性别（{'男' if sex == 'M' else '女'}）不一致。")
        values["born_on"] = birthday
        values.setdefault("sex", sex)
        _refuse_impossible(row, "id_number", birthday, on)
    elif born is not None:
        _settle_birthday(row, born, on)


def _settle_birthday(row: Row, born: dates.Day, on: date) -> None:
    day = born.date()
    if day is None:
        message = (
            f"看不出是{born.year}年1月还是10月，请写成 {born.year}-01-05 的样子。"
            if born.either
            else "只有年份，请写到月。"
        )
        row.refuse("born_on", message)
        del row.values["born_on"]
        return
    if not born.day:
        row.note("born_on", f"只有年月，按{day}登记。")
    if born.short:
        row.note("born_on", f"两位数的年份，按{day.year}年登记。")
    row.values["born_on"] = day
    _refuse_impossible(row, "born_on", day, on)


def _refuse_impossible(row: Row, column: str, born: date, on: date) -> None:
    if born > on:
        row.refuse(column, f"出生日期 {born} 还没有到。")
    elif born.year < on.year - OLDEST:
        row.refuse(column, f"出生日期 {born} 太早，请核对。")
