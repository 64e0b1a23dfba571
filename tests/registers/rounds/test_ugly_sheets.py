"""Spreadsheets as they are: for each the exact rows that come in, and what is said beside those that do not."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.registers.rounds.acting import commit, registered, rows, seen, upload
from tests.registers.rounds.ugly import BROKEN, HERS, HIS, NUMBER, OLD, csv, one, xlsx
from wushe.foundation.actor import Actor

HEAD = ["姓名", "身份证号", "联系电话", "社区"]
WANG = ("王桂芳", "F", "1944-02-11", NUMBER, "13908260001")
BARE = ("王桂芳", "F", "1944-02-11", NUMBER, "")
LI = ("李建国", "M", "1950-03-05", HIS, "")
ROW = ["王桂芳", NUMBER, "13908260001", "翠屏路社区"]
OLD_18 = "511602194402110224"
FULL = {48 + n: 0xFF10 + n for n in range(10)}
FILES = Path(__file__).with_name("files")


@dataclass(frozen=True)
class Case:
    """A file, who is registered when it has been imported, and (row, column) → part of what is said there."""

    content: bytes
    people: list[tuple[str, str, str, str, str]]
    faults: dict[tuple[int, str], str] = field(default_factory=dict)
    remarks: dict[tuple[int, str], str] = field(default_factory=dict)
    left_out: int = 0
    skipped: tuple[str, ...] = ()


def born(cell: object, expected: str, remark: str = "") -> Case:
    """Return a case of somebody without an ID number whose birthday is written so."""
    content = one(["姓名", "性别", "出生年月"], ["赵玉兰", "女", cell])
    return Case(content, [("赵玉兰", "F", expected, "", "")], remarks={(2, "born_on"): remark} if remark else {})


def not_born(cell: object, said: str) -> Case:
    return Case(one(["姓名", "性别", "出生年月"], ["赵玉兰", "女", cell]), [], {(2, "born_on"): said})


def numbered(cell: object, *people: tuple[str, str, str, str, str], fault: str = "", remark: str = "") -> Case:
    return Case(
        one(["姓名", "身份证号码"], ["王桂芳", cell]), list(people), {(2, "id_number"): fault} if fault else {},
        {(2, "id_number"): remark} if remark else {},
    )  # fmt: skip


def phoned(cell: object, expected: str, remark: str = "") -> Case:
    content = one(["姓名", "身份证", "手机"], ["王桂芳", NUMBER, cell])
    return Case(content, [(*BARE[:4], expected)], remarks={(2, "phone"): remark} if remark else {})


SHAPES = {
    "plain": Case(one(HEAD, ROW), [WANG]),
    "title rows above": Case(one(["翠屏路社区老年人名册"], ["填报单位：翠屏路社区", None, "2026年9月"], HEAD, ROW), [WANG]),
    "a title beside an unknown column": Case(one(["居民信息登记表"], [*HEAD, "血型"], [*ROW, "A"]), [WANG]),
    "merged title": Case(one([], HEAD, ROW, merges=[(0, 0, 0, 3, "2026年老年人基本信息表")]), [WANG]),
    "blank rows between": Case(one(HEAD, [], ROW, [], [], ["李建国", HIS]), [LI, WANG]),
    "columns before": Case(one([None, None, *HEAD], [None, 1, *ROW]), [WANG]),
    "numbered but empty rows": Case(one(["序号", *HEAD], [1, *ROW], [2], [3]), [WANG]),
    "totals and notes at the end": Case(
        one(HEAD, ROW, ["合计", "1人"], ["备注：以上均已核实"], ["填表人：张三", None, "审核人：李四"]), [WANG], left_out=3
    ),
    "an example row of the form": Case(one(HEAD, ["例：张三", NUMBER, "13900000000", "翠屏路社区"], ROW), [WANG], left_out=1),
    "headings again on each page": Case(one(HEAD, ROW, HEAD, ["李建国", HIS]), [LI, WANG], left_out=1),
    "headings of two rows": Case(
        one(
            ["序号", "基本信息", None, "联系方式", None], [None, "姓名", "身份证号", "本人电话", "监护人电话"],
            [1, "王桂芳", NUMBER, "13908260001", "13900000009"],
            merges=[(0, 1, 0, 2, "基本信息"), (0, 3, 0, 4, "联系方式"), (0, 0, 1, 0, "序号")],
        ),
        [WANG],
    ),
    "somebody else's column is not theirs": Case(
        one(["姓名", "身份证号", "监护人姓名", "监护人联系电话"], ["王桂芳", NUMBER, "王丽", "13900000009"]), [BARE]
    ),
    "several sheets, columns in another order": Case(
        xlsx(("一组", [HEAD, ROW]), ("二组", [["身份证号", "姓名"], [HIS, "李建国"]]), ("说明", [["请如实填写"]])), [LI, WANG],
        skipped=("说明",),
    ),
    "a hidden sheet is not read": Case(xlsx(("甲", [HEAD, ROW]), ("乙", [HEAD, ["李建国", HIS]]), hidden="乙"), [WANG]),
    "a family under one merged address": Case(
        one(["姓名", "身份证号", "家庭住址"], ["王桂芳", NUMBER], ["李建国", HIS], merges=[(1, 2, 2, 2, "幸福巷1号")]), [LI, BARE]
    ),
    "headings with stars, brackets and breaks": Case(
        one(["*姓 名", "身份证号码\n（18位）", "联系电话(必填)", "所属社区："], ROW), [WANG]
    ),
    "a filled-in column that nobody knows": Case(one([*HEAD, "血型"], [*ROW, "A型"]), [WANG]),
    "GBK CSV": Case(csv(f"姓名,身份证号,联系电话,社区\n王桂芳,{NUMBER},13908260001,翠屏路社区\n"), [WANG]),
    "UTF-8 CSV with a mark": Case(csv(f"姓名,身份证号\n王桂芳,{NUMBER}\n", "utf-8-sig"), [BARE]),
    "UTF-16 text with tabs": Case(csv(f"姓名\t身份证号\n王桂芳\t{NUMBER}\n", "utf-16"), [BARE]),
    "CSV with quotes, semicolons and CRLF": Case(csv(f'"姓名";"身份证号"\r\n"王桂芳";"{NUMBER}"\r\n'), [BARE]),
    "CSV with an apostrophe before the number": Case(csv(f"姓名,身份证号\n王桂芳,'{NUMBER}\n"), [BARE]),
    "an old XLS": Case((FILES / "old.xls").read_bytes(), [("王桂芳", "F", "1944-02-11", "511602194402110021", "13908260001")]),
}  # fmt: skip

WORDS = {
    "full-width digits": Case(one(HEAD, ["王桂芳", NUMBER.translate(FULL), "１３９０８２６０００１"]), [WANG]),
    "blanks in the name and the number": numbered(f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} ", BARE),
    "fifteen digits": numbered(OLD, (*BARE[:3], OLD_18, ""), remark="15位老身份证号"),
    "fifteen digits kept as a number": numbered(int(OLD), (*BARE[:3], OLD_18, ""), remark="15位老身份证号"),
    "fifteen digits in scientific notation, whole": numbered("5.11602440211022E+14", (*BARE[:3], OLD_18, ""), remark="15位"),
    "eighteen digits kept as a number": numbered(float(NUMBER[:-1] + "0"), fault="已经丢失"),
    "scientific notation that lost digits": numbered("5.11602E+17", fault="已经丢失"),
    "digits replaced by zeros": numbered(NUMBER[:15] + "000", fault="已经丢失"),
    "a wrong check digit": numbered(BROKEN, fault="最后一位校验不对"),
    "a birthday that is not": numbered("511602195002310028", fault="19500231 不存在"),
    "too short": numbered(NUMBER[:-1], fault="这里有17位"),
    "starred out": numbered("5116**********0028", fault="星号"),
    "a region that is not": numbered("99" + NUMBER[2:], fault="地区代码"),
    "a date with points": born("1950.3.5", "1950-03-05"),
    "two figures and a month": born("50年3月", "1950-03-01", "只有年月"),
    "eight digits": born("19500305", "1950-03-05"),
    "eight digits as a number": born(19500305, "1950-03-05"),
    "a serial number": born(18327, "1950-03-05"),
    "a real date": born(date(1950, 3, 5), "1950-03-05"),
    "year and month as a number": born(1950.3, "1950-03-01", "只有年月"),
    "Chinese figures": born("一九五〇年十二月二十三日", "1950-12-23"),
    "slashes with blanks": born(" 1950 / 3 / 5 ", "1950-03-05"),
    "January or October": not_born(1950.1, "1月还是10月"),
    "only a year": not_born("1950年", "只有年份"),
    "a day that is not": not_born("1950-02-30", "没有 1950年2月30日"),
    "lunar": not_born("农历1950年三月初五", "公历"),
    "month first": not_born("3/5/1950", "不像日期"),
    "not yet born": not_born("2030-01-01", "还没有到"),
    "too long ago": not_born("1880-01-01", "太早"),
    "with +86": phoned("+86 139 0826 0001", "13908260001"),
    "with hyphens": phoned("139-0826-0001", "13908260001"),
    "as a number": phoned(13908260001, "13908260001"),
    "a landline": phoned("(0826) 2333333", "08262333333"),
    "two telephones": phoned("0826-2333333、13908260001", "13908260001", "2个电话"),
    "no telephone in words": phoned("无", ""),
    "a name with an aside": Case(
        one(["姓名", "身份证"], ["王 桂 芳（户主）", NUMBER]), [BARE], remarks={(2, "name"): "没有登记"}
    ),
    "a name of the west": Case(
        one(["姓名", "身份证"], ["阿依古丽•买买提", HERS]), [("阿依古丽·买买提", "F", "1962-12-01", HERS, "")]
    ),
}  # fmt: skip

REFUSALS = {
    "born on another day than the number says": Case(
        one(["姓名", "身份证号", "出生日期"], ["王桂芳", NUMBER, "1944-02-12"]), [], {(2, "born_on"): "1944-02-11"}
    ),
    "a month that agrees with the number": Case(
        one(["姓名", "身份证号", "出生日期"], ["王桂芳", NUMBER, "44年2月"]), [BARE]
    ),
    "another sex than the number says": Case(
        one(["姓名", "性别", "身份证号"], ["王桂芳", "男", NUMBER]), [], {(2, "sex"): "（女）不一致"}
    ),
    "a community that is not": Case(one(HEAD, ["王桂芳", NUMBER, "", "翠平路社区"]), [], {(2, "place"): "是不是“翠屏路社区”"}),
    "a code that is not": Case(one(HEAD, ["王桂芳", NUMBER, "", "511602001999"]), [], {(2, "place"): "511602001999"}),
    "a code that is": Case(one(HEAD, ["王桂芳", NUMBER, "", 511602001001]), [BARE]),
    "a community by its longer name": Case(one(HEAD, ["王桂芳", NUMBER, "", "浓洄街道翠屏路社区居委会"]), [BARE]),
    "the same person twice": Case(
        one(HEAD, ROW, ["李建国", HIS], ["王桂芳", NUMBER, "13908260002"]), [LI, WANG], {(4, ""): "和第2行重复"}
    ),
    "the same person twice, once without a number": Case(
        one(["姓名", "性别", "出生日期", "身份证号"], ["王桂芳", "女", "1944.2.11", NUMBER], ["王桂芳", "女", "44年2月11日", ""]),
        [BARE], {(3, ""): "和第2行重复"}, {(3, "born_on"): "按1944年登记"},
    ),
    "namesakes of different days": Case(
        one(["姓名", "性别", "出生日期"], ["王桂芳", "女", "1944.2.11"], ["王桂芳", "女", "1950.3.5"]),
        [("王桂芳", "F", "1944-02-11", "", ""), ("王桂芳", "F", "1950-03-05", "", "")],
    ),
    "twice, but the first is refused": Case(
        one(HEAD, ["王桂芳", NUMBER, "123", "翠屏路社区"], ROW), [WANG], {(2, "phone"): "手机号应为11位，这里有3位"}
    ),
    "no name": Case(one(HEAD, ["", NUMBER, "", "翠屏路社区"]), [], {(2, "name"): "必填"}),
    "neither number nor birthday": Case(
        one(["姓名", "联系电话"], ["王桂芳", "13908260001"]), [], {(2, "sex"): "身份证号", (2, "born_on"): "身份证号"}
    ),
    "a formula that failed": Case(csv(f"姓名,身份证号\n#N/A,{NUMBER}\n"), [], {(2, "name"): "公式出错"}),
    "a category that is not": Case(
        one(["姓名", "身份证号", "人员类别"], ["王桂芳", NUMBER, "独居、高零"]), [], {(2, "tags"): "高零"}
    ),
    "an unknown sex": Case(one(["姓名", "性别", "出生日期"], ["王桂芳", "未说明", "1944.2.11"]), [], {(2, "sex"): "未说明"}),
}  # fmt: skip

CASES = SHAPES | WORDS | REFUSALS


def test_there_are_many() -> None:
    assert len(CASES) >= 70


@pytest.mark.parametrize("name", CASES)
def test_exactly_what_comes_in(name: str, laid: None, street: Actor, desk: Actor) -> None:
    case = CASES[name]
    actor = street if name in {"a community that is not", "a code that is not"} else desk
    round_ = upload(actor, case.content)
    said = {(number, code): text for number, _, faults in seen(round_) for code, text in faults.items()}
    assert said.keys() == case.faults.keys(), said
    assert [key for key, part in case.faults.items() if part not in said[key]] == [], said
    noted = {(row.number, code): text for row in rows(round_) for code, text in row.remarks.items()}
    assert noted.keys() == case.remarks.keys(), noted
    assert [key for key, part in case.remarks.items() if part not in noted[key]] == [], noted
    assert sum(sheet["left_out_count"] for sheet in round_.layout["sheets"]) == case.left_out
    assert tuple(round_.layout["skipped"]) == case.skipped
    assert registered() == []
    if round_.created:
        done = commit(actor, round_)
        assert (done.state, done.created) == ("committed", len(case.people))
    assert sorted(registered()) == sorted(case.people)
