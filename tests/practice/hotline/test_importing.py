"""The city's table comes in row by row: once by number, with what is wrong named by its line."""

import io

import pytest
import xlsxwriter

from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.practice.hotline.importing import import_orders
from wushe.practice.hotline.models import HotlineOrder

pytestmark = pytest.mark.django_db
HEAD = ["工单编号", "类型", "问题分类", "反映内容", "所属社区", "来电号码", "受理时间"]


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def book(*rows: list[str]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["十二月工单"])
        for number, row in enumerate([HEAD, *rows], start=1):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_rows_come_in_once_and_a_bad_one_is_named() -> None:
    good = ["A-1", "投诉", "噪音扰民", "楼下半夜唱歌", "翠屏路社区", "13800001234", "2026-09-13 08:00"]
    fire = ["A-2", "", "", "三楼冒黑烟了", "翠屏路", "", ""]
    bad = ["A-3", "投诉", "其他", "没有写社区", "", "12", ""]
    actor = actor_of("social_worker")
    first = import_orders(actor=actor, at=NOON, content=book(good, fire, bad))
    assert (first.created, first.known) == (2, 0)
    assert first.refused == [(5, "电话号码不对，请写手机或带区号的座机。；请选择本辖区内的社区。")]
    one, two = HotlineOrder.objects.order_by("number")
    assert (one.kind, one.topic, one.area_code, one.urgency) == ("complain", "noise", COMMUNITY, "week")
    assert one.received_at < NOON
    assert (two.kind, two.topic, two.urgency) == ("help", "other", "now")
    again = import_orders(actor=actor, at=NOON, content=book(good, fire))
    assert (again.created, again.known, again.refused) == (0, 2, [])
    assert HotlineOrder.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "姓名,电话\n张,1\n".encode(), b"PK\x03\x04broken"])
def test_what_is_no_such_table_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        import_orders(actor=actor_of("social_worker"), at=NOON, content=content)
    assert list(refusal.value.fields) == ["file"]
    with pytest.raises(NotAllowed):
        import_orders(actor=actor_of("verifier"), at=NOON, content=book())
    assert not HotlineOrder.objects.exists()
