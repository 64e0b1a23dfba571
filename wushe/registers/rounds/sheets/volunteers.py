"""The spreadsheet of volunteers: under a number that is not the ID number, with community and team."""

from datetime import date

from wushe.registers.rounds.reading import dates, numbers, words
from wushe.registers.rounds.reading.cells import Cell, Noted, Unreadable
from wushe.registers.rounds.reading.numbers import digits

from .description import Column, Row, Sheet
from .people import IGNORED, NAME, agree, person_columns
from .residents import ADDRESS, PLACE, STREET


def volunteers(on: date, skills: tuple[tuple[str, str], ...] = ()) -> Sheet:
    """Return the sheet on a day; `skills` are the skills of the catalogue, code and title."""
    known = {title: code for code, title in skills}

    def able(cell: Cell) -> list[str] | Noted:
        """Take the skills of the catalogue; what else somebody can do is told, and hinders nothing."""
        said = words.parts(cell)
        other = [one for one in said if one not in known]
        codes = [known[one] for one in said if one in known]
        return Noted(codes, f"没有登记：{'、'.join(other)[:60]}（不在技能目录里）。") if other else codes

    def day(cell: Cell) -> date:
        return dates.exact(cell, today=on)

    columns = (
        Column("number", "志愿者编号", number, ("编号", "志愿者号", "志愿服务编号", "志愿者注册号", "注册号", "志愿者证号", "志愿者ID"), hint="按文本填写；空着由系统编号"),
        *person_columns(names=("志愿者姓名", *NAME), on=on),
        Column("place", "所属社区", words.line(80), PLACE),
        Column("street", "所属街道", words.line(80), STREET),
        Column("address", "详细地址", words.line(200), ADDRESS, protected="address"),
        Column("team", "志愿队伍", words.line(60), ("队伍", "所属队伍", "服务队", "志愿服务队", "所在队伍", "所属服务队", "志愿服务队伍", "志愿者队伍")),
        Column("skills", "技能特长", able, ("特长", "技能", "服务技能", "专业特长", "服务类别"), hint="用顿号隔开"),
        Column("earlier_hours", "累计服务时长", hours, ("服务时长", "累计时长", "志愿服务时长", "服务时间小时", "累计小时"), hint="入册前的，按小时填"),
        Column("insured_until", "保险到期", day, ("保险到期日", "保险有效期", "保险有效期至")),
        Column("registered_on", "注册日期", day, ("注册时间", "登记日期", "加入时间", "加入日期", "入队时间")),
        Column("left_on", "退出日期", day, ("退出时间", "注销日期")),
    )  # fmt: skip
    ignored = (*IGNORED, "职业", "工作单位")
    return Sheet("volunteers", "志愿者", "位志愿者", "volunteers:edit", columns, ignored, agree_volunteer)


def hours(cell: Cell) -> int:
    """Return hours of service in minutes."""
    found = numbers.amount(cell) * 60
    if not 0 <= found < 60 * 100_000:
        raise Unreadable("请填小时数，如 12.5。")
    return int(found)


def number(cell: Cell) -> str:
    """Return a volunteer's or worker's number; raise Unreadable for one that is an ID number."""
    text = digits(cell).upper()
    if len(text) > 20:
        raise Unreadable("编号最多20位。")
    if len(text) == 18 and text[:17].isdigit() and text[6:8] in ("19", "20"):
        raise Unreadable("编号不能用身份证号，请空着由系统编号。")
    return text


def agree_volunteer(row: Row, on: date) -> None:
    """Check who the volunteer is, and that the days follow one another."""
    agree(row, on)
    registered, left = row.values.get("registered_on"), row.values.get("left_on")
    if registered and registered > on:
        row.refuse("registered_on", "注册日期不能晚于今天。")
    if registered and left and left < registered:
        row.refuse("left_on", "退出日期不能早于注册日期。")
