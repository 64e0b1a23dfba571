"""Hours kept elsewhere come in once, marked, after a second person; records go out in the national data items."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.cast import actor_of, client_of, world
from tests.factories.places import NOON, TODAY
from tests.factories.volunteering import helper
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.journal.models import JournalEntry
from wushe.lines.time_bank.models import Earning
from wushe.lines.volunteering.counting import SamePerson, accept_hours
from wushe.lines.volunteering.exchanging import KINDS, table_of
from wushe.lines.volunteering.importing import COLUMNS, accept_import, import_hours, imports
from wushe.lines.volunteering.models import HourRecord

pytestmark = pytest.mark.django_db
DESK, OTHER = "social_worker", "community_worker"


@pytest.fixture
def own():
    world()
    return helper("李大姐")[0]


def line(own, number="a1", **changes):
    told = {"志愿者编号": own.number, "服务内容": "图书馆值班", "开始时间": "2026-03-05 09:00", "结束时间": "2026-03-05 11:30",
            "外部编号": number, **changes}  # fmt: skip
    return [told[name] for name in COLUMNS]


def bring(rows, who=DESK, system="志愿北京"):
    return import_hours(actor=actor_of(who), at=NOON, system=system, rows=[COLUMNS, *rows])


def test_hours_come_in_once_and_count_after_a_second_person(own):
    first = bring([line(own), line(own, "a2", 开始时间="2026/3/5 10:00", 结束时间="2026/3/5 12:00")])
    again = bring([line(own), line(own, "a3", 开始时间="2026-03-06 09:00", 结束时间="2026-03-06 10:00")])
    assert [(one.new, one.known) for one in (first, again)] == [(2, 0), (1, 1)]
    rows = HourRecord.objects.order_by("pk")
    assert [(one.state, one.origin, one.minutes, one.oddities) for one in rows] == [
        ("held", "imported", 150, ""), ("held", "imported", 120, "overlap"), ("held", "imported", 60, ""),
    ]  # fmt: skip
    desk = actor_of(DESK)
    for act in (
        lambda: accept_import(actor=desk, at=NOON, system="志愿北京", recorded_by=desk.user_id),
        lambda: accept_hours(actor=desk, at=NOON, record_id=rows[0].pk),
    ):
        with pytest.raises(SamePerson):
            act()
    assert not HourRecord.objects.filter(state="counted").exists()
    assert [(one["held"], one["counted"], one["odd"]) for one in imports(actor=desk)] == [(3, 0, 1)]
    assert accept_import(actor=actor_of(OTHER), at=NOON, system="志愿北京", recorded_by=desk.user_id) == 3
    assert HourRecord.objects.filter(state="counted", origin="imported", system="志愿北京").count() == 3
    with pytest.raises(Invalid):
        accept_import(actor=actor_of(OTHER), at=NOON, system="志愿北京", recorded_by=desk.user_id)
    # Marked for good, and never money of the bank.
    assert not JournalEntry.objects.filter(kind="volunteering.hours").exists()
    assert not Earning.objects.exists()
    assert list(imports(actor=actor_of("stranger"))) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"志愿者编号": "nobody"}, "第3行：本辖区没有编号“nobody”的志愿者"),
        ({"服务内容": "x"}, "第3行：服务内容"),
        ({"开始时间": "昨天"}, "第3行：时间请写成"),
        ({"结束时间": "2026-03-05 08:00"}, "第3行：结束要晚于开始"),
        ({"结束时间": "2027-03-05 08:00"}, "第3行：结束要晚于开始"),
        ({"外部编号": "good"}, "第3行：外部编号“good”重复"),
        ({"外部编号": ""}, "第3行：请填写外部编号"),
    ],
)
def test_one_bad_line_keeps_the_whole_file_out(own, changes, said):
    with pytest.raises(Invalid) as refusal:
        bring([line(own, "good"), line(own, "bad", **changes)])
    assert refusal.value.fields["file"].startswith(said)
    assert HourRecord.objects.count() == 0


def test_a_file_without_its_columns_or_its_system_is_refused(own):
    with pytest.raises(Invalid) as refusal:
        import_hours(actor=actor_of(DESK), at=NOON, system="志愿北京", rows=[["姓名"], ["李大姐"]])
    assert refusal.value.fields["file"].startswith("表头缺少：志愿者编号、服务内容")
    for rows, system in (([], "志愿北京"), ([line(own)], "x")):
        with pytest.raises(Invalid):
            bring(rows, system=system)
    with pytest.raises(NotAllowed):
        bring([line(own)], who="volunteer")
    assert HourRecord.objects.count() == 0


def test_the_pages_take_a_file_and_give_one(own):
    desk = client_of(DESK)
    text = "\n".join(",".join(cells) for cells in (COLUMNS, line(own), line(own, "b2")))
    for content, status in ((text.encode("gbk"), 302), (b"\x00\xff", 422), (b"", 422)):
        file = SimpleUploadedFile("h.csv", content)
        assert desk.post("/volunteering/imports/", {"system": "志愿北京", "file": file}).status_code == status
    assert HourRecord.objects.count() == 2
    client_of(OTHER).post(f"/volunteering/imports/{actor_of(DESK).user_id}/accept/", {"system": "志愿北京"})
    asked = {"kind": "service", "format": "csv", "since": "2026-01-01", "until": "2026-12-31"}
    lines = desk.post("/volunteering/exchange/", asked).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("记录编号,志愿者编号,姓名,项目编号,服务内容")
    assert len(lines) == 3
    assert lines[1].endswith("2026-03-05,2026-03-05 09:00,2026-03-05 11:30,2.50,,,外部导入,志愿北京")
    assert JournalEntry.objects.filter(kind__contains="export").count() == 1


def test_every_kind_has_its_items_and_shows_no_identity_document(own):
    year = {"since": TODAY - timedelta(days=400), "until": TODAY, "most": 50}
    for code in KINDS:
        table = table_of(actor=actor_of(DESK), code=code, **year)
        assert len(table.head) == len(set(table.head)) > 4
        assert not any("证件" in name or "身份证" in name for name in table.head)
        assert all(len(row) == len(table.head) for row in table.rows)
    names = [row[1] for row in table_of(actor=actor_of(DESK), code="volunteers", **year).rows]
    assert own.person.name in names
