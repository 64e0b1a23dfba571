"""The pages of a round: upload, look, correct the columns, import, take the result; refusals beside the file."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.factories import places
from tests.factories.cast import client_of, world
from tests.registers.rounds.ugly import BROKEN, HERS, HIS, NUMBER, csv, one
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.people.models import Person
from wushe.registers.rounds import services
from wushe.registers.rounds.models import ImportRound

pytestmark = pytest.mark.django_db
SHEET = one(
    ["居民信息登记表"], ["姓名", "身份证号", "电话", "备注"], ["周桂英", HERS, "139 0826 0005", "=1+1"],
    ["李建国", BROKEN, "13908260006", "+86"], ["合计", "2人"],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: places.NOON)
    world()


@pytest.fixture
def desk() -> Client:
    return client_of("community_worker")


def send(client: Client, content: bytes, name: str = "居民名册.xlsx", register: str = "residents"):
    return client.post(reverse("rounds:start", args=[register]), {"file": SimpleUploadedFile(name, content)})


def cells(answer: object) -> list[list[object]]:
    content = answer.content  # type: ignore[attr-defined]
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_from_the_file_to_the_register_and_back(desk: Client) -> None:
    before = Person.objects.count()
    answer = send(desk, SHEET)
    round_ = ImportRound.objects.get()
    assert answer.url == reverse("rounds:round", args=[round_.pk])
    page = desk.get(answer.url).content.decode()
    assert "最后一位校验不对" in page
    assert BROKEN in page
    assert HERS not in page
    assert "跳过 1 行标题、合计或备注" in page
    assert "没有导入的列：备注" in page
    assert Person.objects.count() == before
    done = desk.post(reverse("rounds:commit", args=[round_.pk]), follow=True).content.decode()
    assert "新增 1，更新 0，没有变化 0，没有导入 1" in done
    assert Person.objects.get(name="周桂英").phone.reveal() == "13908260005"
    assert Person.objects.count() == before + 1
    result = cells(desk.post(reverse("rounds:result", args=[round_.pk])))
    assert result[3] == ["行号", "姓名", "身份证号", "电话", "备注", "结果", "说明"]
    assert result[4][:6] == [3.0, "周桂英", HERS, "139 0826 0005", "=1+1", "已新增"]
    assert result[5][5] == "没有导入"
    refused = cells(desk.post(reverse("rounds:result", args=[round_.pk]), {"refused": "1"}))
    assert [line[1] for line in refused[4:]] == ["李建国"]
    taken = JournalEntry.objects.filter(kind="export.take").order_by("id")
    assert [entry.data["rows"] for entry in taken] == [2, 1]
    assert "整份撤回" in done
    gone = desk.post(reverse("rounds:take_back", args=[round_.pk]), follow=True).content.decode()
    assert "撤回 1 条。台账和导入前一样。" in gone
    assert "整份撤回？" not in gone
    assert Person.objects.count() == before


def test_the_result_holds_no_live_formula(desk: Client) -> None:
    import zipfile

    send(desk, SHEET)
    content = desk.post(reverse("rounds:result", args=[ImportRound.objects.get().pk])).content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist() if "worksheets" in name)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "这个文件是空的"), (b"<html>", "a.xls", "网页格式"), (SHEET[:-99], "a.xlsx", "损坏"),
        (b"%PDF-1", "a.pdf", "不是表格文件"), (csv("随便写的一句话\n"), "a.csv", "没有找到表头"),
    ],
)  # fmt: skip
def test_a_refusal_stands_beside_the_file(desk: Client, content: bytes, name: str, said: str) -> None:
    answer = send(desk, content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ImportRound.objects.exists()


def test_no_file_at_all(desk: Client) -> None:
    answer = desk.post(reverse("rounds:start", args=["residents"]))
    assert answer.status_code == 422
    assert "请先选择文件" in answer.content.decode()


def test_columns_are_settled_by_hand(desk: Client) -> None:
    send(desk, one(["尊称", "证号"], ["周桂英", HERS]))
    round_ = ImportRound.objects.get()
    page = desk.get(reverse("rounds:round", args=[round_.pk])).content.decode()
    assert "还有必填的列没有对上" in page
    address = reverse("rounds:columns", args=[round_.pk])
    assert "尊称" in desk.get(address).content.decode()
    twice = desk.post(address, {"h0": "name", "h1": "name"})
    assert (twice.status_code, twice.content.decode().count("选了不止一次")) == (422, 4)
    assert desk.post(address, {"h0": "nobody"}).status_code == 422
    assert desk.post(address, {"h0": "name", "h1": "id_number"}).status_code == 302
    round_.refresh_from_db()
    assert (round_.created, round_.layout["missing"]) == (1, [])


def test_a_large_file_is_read_and_imported_in_the_background(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "READ_AT_ONCE", 10)
    monkeypatch.setattr(services, "WRITE_AT_ONCE", 0)
    where = send(desk, one(["姓名", "身份证号"], ["周桂英", HERS], ["李建国", HIS])).url
    assert "正在读取" in desk.get(where).content.decode()
    part = desk.get(where, headers={"HX-Request": "true"})
    assert b"hx-get" in part.content
    assert b"<html" not in part.content
    work_off(clock=timezone.now, limit=5)
    assert desk.get(where, headers={"HX-Request": "true"}).headers["HX-Redirect"] == where
    assert "确认导入" in desk.get(where).content.decode()
    round_ = ImportRound.objects.get()
    desk.post(reverse("rounds:commit", args=[round_.pk]))
    assert "正在导入" in desk.get(where).content.decode()
    assert not Person.objects.filter(name="周桂英").exists()
    work_off(clock=timezone.now, limit=5)
    assert "导入完成" in desk.get(where).content.decode()
    assert Person.objects.filter(name__in=["周桂英", "李建国"]).count() == 2


def test_a_file_that_fails_in_the_background_says_why(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "READ_AT_ONCE", 3)
    where = send(desk, csv("一句话\n另一句\n"), "a.csv").url
    work_off(clock=timezone.now, limit=5)
    page = desk.get(where).content.decode()
    assert "没有找到表头" in page
    assert "重新上传" in page
    assert desk.post(reverse("rounds:discard", args=[ImportRound.objects.get().pk])).url == reverse("rounds:rounds")
    assert "已经放弃" in desk.get(where).content.decode()


def test_a_broken_off_import_can_be_taken_up_again(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "WRITE_AT_ONCE", 0)
    where = send(desk, one(["姓名", "身份证号"], ["周桂英", HERS])).url
    commit = where + "commit/"
    with monkeypatch.context() as patch:
        patch.setattr("wushe.registers.rounds.intake.residents.Residents.write", lambda self, rows: 1 / 0)
        desk.post(commit)
        work_off(clock=timezone.now, limit=1)
    page = desk.get(where).content.decode()
    assert "台账和导入前一样" in page
    assert "重新导入" in page
    assert not Person.objects.filter(name="周桂英").exists()
    desk.post(commit)
    work_off(clock=timezone.now, limit=5)
    assert "导入完成" in desk.get(where).content.decode()


def test_the_empty_form_comes_back_filled_in(desk: Client) -> None:
    form = desk.get(reverse("rounds:form", args=["residents"]))
    heads = cells(form)[0]
    assert heads[:2] == ["姓名（必填）", "身份证号"]
    filled = [{"姓名（必填）": "周桂英", "身份证号": HERS}.get(str(head)) for head in heads]
    send(desk, one(heads, filled))
    round_ = ImportRound.objects.get()
    assert (round_.created, round_.layout["guessed"], len(round_.layout["columns"])) == (1, [], len(heads))


def test_the_list_of_rounds_and_pages_of_others(desk: Client) -> None:
    assert "还没有导入过表格" in desk.get(reverse("rounds:rounds")).content.decode()
    send(desk, one(["姓名", "身份证号"], ["周桂英", NUMBER]))
    assert "居民名册.xlsx" in desk.get(reverse("rounds:rounds")).content.decode()
    round_ = ImportRound.objects.get()
    for name in ("social_worker", "stranger"):
        other = client_of(name)
        assert "居民名册.xlsx" not in other.get(reverse("rounds:rounds")).content.decode()
        assert other.get(reverse("rounds:round", args=[round_.pk])).status_code == 404
        assert other.post(reverse("rounds:commit", args=[round_.pk])).status_code == 404


def test_odd_addresses_are_answered(desk: Client) -> None:
    send(desk, SHEET)
    where = reverse("rounds:round", args=[ImportRound.objects.get().pk])
    for query in ("?after=x", "?after=-5", "?after=99999999999999999999", "?show=zzz", "?show=r&after=0", "?after="):
        assert desk.get(where + query).status_code == 200, query
    assert desk.get(reverse("rounds:start", args=["nothing"])).status_code == 404
    assert desk.get(reverse("rounds:start", args=["areas"])).status_code == 403
