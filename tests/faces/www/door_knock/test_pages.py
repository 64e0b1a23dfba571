"""The pages of the door-knock: what is typed stays when it is refused, a form is built and tried, the lists are taken away."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories.cast import World, actor_of, client_of, user_of, world
from tests.factories.doors import campaign, published, said, send
from tests.factories.places import COMMUNITY, NOON
from tests.registers.forms.asking import workbook
from wushe.faces.www.door_knock.builder import PARTS, questions_of, rows_of
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.models import JournalEntry
from wushe.practice.door_knock.models import Campaign, ListLine, Target
from wushe.registers.forms.models import Form, FormVersion
from wushe.registers.forms.questions import tidied

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return world()


@pytest.fixture
def desk(here: World) -> Client:
    return client_of("social_worker")


def test_a_campaign_is_opened_and_what_was_typed_stays(desk: Client) -> None:
    version = published()
    given = {
        "title": "冬季敲门", "version_id": version.pk, "area_code": COMMUNITY, "aim": "people", "starts_on": "2026-09-14",
        "ends_on": "2026-09-30", "worker_ids": [user_of("social_worker").pk],
    }  # fmt: skip
    answer = desk.post(reverse("door_knock:new_campaign"), given)
    assert answer.status_code == 422
    assert "请选择要逐人走访的类别。" in answer.content.decode()
    assert 'value="冬季敲门"' in answer.content.decode()
    assert not Campaign.objects.exists()
    answer = desk.post(reverse("door_knock:new_campaign"), {**given, "tag_codes": ["living_alone"]})
    assert answer.status_code == 302
    assert Campaign.objects.get().targets.get().person_id is not None


def test_an_unfinished_campaign_does_not_close(here: World, desk: Client) -> None:
    one = campaign()
    page = desk.post(reverse("door_knock:close", args=[one.pk]), follow=True).content.decode()
    assert "没走到也没写原因" in page
    assert Campaign.objects.get().state == "running"


def test_two_records_are_opened_and_one_is_chosen(here: World, desk: Client) -> None:
    door = campaign().targets.get(household=here.elder.household)
    first = said(answers={"alone": "yes", "danger": "楼道堆了杂物"})
    send(door, first)
    send(door, said(answers={"alone": "no"}))
    address = reverse("door_knock:target", args=[door.pk])
    assert "楼道堆了杂物" in desk.get(address).content.decode()  # the line of the list
    opened = desk.post(reverse("door_knock:answers", args=[door.pk]), {"client_id": str(first.client_id)})
    assert "家里有什么安全隐患" in opened.content.decode()
    assert JournalEntry.objects.filter(kind="target.open_report").count() == 1
    desk.post(reverse("door_knock:settle", args=[door.pk]), {"client_id": str(first.client_id)})
    assert not Target.objects.get(pk=door.pk).conflict


def test_the_lists_are_found_and_taken_away(here: World, desk: Client) -> None:
    door = campaign().targets.get(household=here.elder.household)
    answers = {
        "alone": "no",
        "danger": "=HYPERLINK(1)",
        "needs": [{"id": "1", "words": "想请人理发"}],
        "offer": "会下棋",
    }
    send(door, said(answers=answers, person_id=here.elder.pk))
    lists = reverse("door_knock:lists")
    assert "想请人理发" in desk.get(lists).content.decode()
    found = desk.post(lists, {"list": "problem", "q": "理发"}).content.decode()
    assert ("想请人理发" in found, "HYPERLINK" in found) == (True, False)
    answer = desk.post(reverse("door_knock:export_lists"), {"list": "problem", "format": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]][:5] == ["编号", "来源", "地点", "居民", "内容"]
    assert {row[4].value for row in sheet.iter_rows(min_row=2)} == {"想请人理发", "=HYPERLINK(1)"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    chosen = list(ListLine.objects.filter(kind="problem").values_list("pk", flat=True))
    project = reverse("door_knock:project")
    assert desk.post(project, {"lines": chosen}).status_code == 200
    assert desk.post(project, {"lines": chosen, "title": "", "purpose": "x"}).status_code == 422
    assert desk.post(project, {"lines": chosen, "title": "楼道清爽", "purpose": "清楼道"}).status_code == 302
    assert ListLine.objects.get(kind="project").text == "楼道清爽"


def test_a_line_keeps_what_was_typed_when_it_is_refused(here: World, desk: Client) -> None:
    door = campaign().targets.get(household=here.elder.household)
    send(door, said(answers={"alone": "no", "danger": "楼道堆了杂物"}))
    line = ListLine.objects.get()
    answer = desk.post(
        reverse("door_knock:agree", args=[line.pk]), {"measure": "清理", "owner": "", "due_on": "2026-09-20"}
    )
    assert (answer.status_code, "清理" in answer.content.decode()) == (422, True)
    assert ListLine.objects.get().state == "open"


ROWS: list[dict[str, str]] = [
    {
        "kind": "one",
        "label": "是否独居",
        "name": "alone",
        "choices": "yes=是=2\nno=否",
        "required": "1",
        "fills": "tag:living_alone",
    },
    {"kind": "repeat", "label": "需要什么", "name": "needs"},
    {"kind": "text", "label": "原话", "relevant": "${alone} = 'yes'", "fills": "need"},
    {"kind": "end"},
]


def sent(rows: list[dict[str, str]]) -> dict[str, str]:
    return {f"{part}-{n}": value for n, row in enumerate(rows) for part, value in {**row, "place": str(n)}.items()}


def test_a_form_is_built_saved_unfinished_and_published(desk: Client) -> None:
    assert desk.post(reverse("door_knock:new_form"), {"title": ""}).status_code == 422
    desk.post(reverse("door_knock:new_form"), {"title": "冬季走访表"})
    form = Form.objects.get()
    edit, publish = (reverse(f"door_knock:{name}", args=[form.pk]) for name in ("edit_form", "publish_form"))
    unfinished = desk.post(edit, sent(ROWS[:3]))
    assert unfinished.status_code == 422
    assert "有一组题没有结束" in unfinished.content.decode()
    assert "是否独居" in unfinished.content.decode()
    wrong = [{**ROWS[0], "relevant": "${later} = 1"}]
    assert desk.post(edit, sent(wrong)).status_code == 302
    assert "只能引用前面的题" in desk.post(publish, follow=True).content.decode()
    assert FormVersion.objects.get().state == "draft"
    desk.post(edit, sent(ROWS))
    desk.post(publish)
    version = FormVersion.objects.get()
    assert (version.state, [one["name"] for one in version.questions]) == ("published", ["alone", "needs"])
    assert version.questions[0]["choices"][0] == {"code": "yes", "label": "是", "score": 2}
    assert version.questions[1]["children"][0]["name"] == "q3"
    again = tidied(questions_of(rows_of(version.questions)))
    assert again == version.questions
    with pytest.raises(Invalid):
        questions_of([{**dict.fromkeys(PARTS, ""), "kind": "end"}])


def test_an_xlsform_comes_in_or_is_refused_in_words(desk: Client) -> None:
    def upload(content: bytes) -> Any:
        return desk.post(reverse("door_knock:upload_form"), {"file": SimpleUploadedFile("表.xlsx", content)})

    head = ["type", "name", "label"]
    refused = upload(workbook([head, ["select_one zz", "a", "甲"]], [["yn", "y", "是"]]))
    assert refused.status_code == 422
    assert "第2行用到的选项表“zz”在 choices 工作表里没有。" in refused.content.decode()
    assert upload(b"x").status_code == 422
    assert not Form.objects.exists()
    assert upload(workbook([head, ["text", "a", "几口人"]], [], title="站里的表")).status_code == 302
    assert (Form.objects.get().title, FormVersion.objects.get().source) == ("站里的表", "XLSForm 表.xlsx")


@pytest.mark.parametrize(
    "report",
    ["", "[]", "7", "{", '{"answers": []}', '{"after": ["x"]}', '{"person_id": "1"}', '{"person_id": true}',
     '{"outcome": {"a": 1}}', '{"revisit_on": "2026-99-01"}', "[" * 5000, '{"outcome": "reached", "answers": {"alone": {}}}'],
)  # fmt: skip
def test_strange_records_of_a_phone_are_refused_in_words(here: World, report: str) -> None:
    door = campaign().targets.earliest("pk")
    given = {"client_id": "6b7d1f5e-0000-4000-8000-000000000001", "device_at": "2026-09-14T04:00:00Z", "report": report}
    answer = client_of("community_worker").post(reverse("worker:report", args=[door.pk]), given)
    assert answer.status_code == 422
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["message"])
    assert Target.objects.get(pk=door.pk).state == "waiting"


def test_the_list_of_a_phone_is_its_own_and_each_taking_is_journalled(here: World) -> None:
    campaign()
    told = client_of("community_worker").post(reverse("worker:packet"), {"device": "k"}).json()
    assert "王桂芳" in {person["name"] for target in told["targets"] for person in target["people"]}
    assert JournalEntry.objects.get(kind="packet.take").data["doors"] == len(told["targets"])
    assert client_of("social_worker").post(reverse("worker:packet")).json()["targets"] == []
    assert actor_of("social_worker").may("door_knock:visit")
