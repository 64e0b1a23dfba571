"""Forms and their versions: published once and for ever; an XLSForm of the station comes in whole or is refused by name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, NOON, STREET
from tests.registers.forms.asking import household_visit, question, workbook
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.forms import services
from wushe.registers.forms.models import Form, FormVersion
from wushe.registers.forms.questions import faults_of, tidied
from wushe.registers.forms.selectors import for_phone, form_of, forms_for, usable_versions
from wushe.registers.forms.xlsforms import UnreadableForm, read_xlsform


@pytest.fixture
def draft(db: None) -> FormVersion:
    world()
    return services.create_form(actor=actor_of("social_worker"), at=NOON, title="入户走访", questions=household_visit())


def act(service: Callable[..., Any], who: str = "social_worker", **given: Any) -> Any:
    return service(actor=actor_of(who), at=NOON, **given)


def test_a_form_is_drafted_published_and_followed_by_the_next(draft: FormVersion) -> None:
    form = draft.form_id
    first = act(services.publish_version, form_id=form)
    assert (first.state, first.number, len(first.digest)) == ("published", 1, 64)
    second = act(services.begin_version, form_id=form)
    assert (second.number, second.questions) == (2, first.questions)
    assert act(services.begin_version, form_id=form).pk == second.pk
    act(services.save_questions, form_id=form, questions=household_visit()[:2])
    act(services.publish_version, form_id=form)
    assert list(FormVersion.objects.order_by("number").values_list("state", flat=True)) == ["replaced", "published"]
    first.refresh_from_db()
    assert first.questions == tidied(household_visit())
    kinds = JournalEntry.objects.filter(kind__startswith="form").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [
        "form.create", "form_version.begin", "form_version.publish", "form_version.begin", "form_version.edit",
        "form_version.replace", "form_version.publish",
    ]  # fmt: skip


def test_the_database_keeps_a_published_version(draft: FormVersion) -> None:
    act(services.publish_version, form_id=draft.form_id)
    for change in (
        lambda: FormVersion.objects.update(questions=[]),
        lambda: FormVersion.objects.update(number=7),
        lambda: FormVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert FormVersion.objects.get().questions == tidied(household_visit())


def test_what_is_refused_leaves_everything_as_it_was(draft: FormVersion) -> None:
    rows = JournalEntry.objects.count()
    refusals: list[tuple[type[Exception], Callable[..., Any], str, dict[str, Any]]] = [
        (Invalid, services.create_form, "social_worker", {"title": "  "}),
        (Invalid, services.create_form, "social_worker", {"title": "入户走访"}),
        (Invalid, services.create_form, "community_worker", {"title": "新表", "area_code": STREET}),
        (NotAllowed, services.create_form, "dispatcher", {"title": "新表"}),
        (NotFound, services.publish_version, "stranger", {"form_id": draft.form_id}),
        (NotFound, services.save_questions, "community_worker", {"form_id": draft.form_id, "questions": []}),
    ]
    for error, service, who, given in refusals:
        with pytest.raises(error):
            act(service, who, **given)
    assert (Form.objects.count(), FormVersion.objects.count()) == (1, 1)
    assert JournalEntry.objects.count() == rows
    act(services.save_questions, form_id=draft.form_id, questions=[question("a", relevant="${b} = 1")])
    with pytest.raises(Invalid) as refusal:
        act(services.publish_version, form_id=draft.form_id)
    assert "只能引用前面的题" in refusal.value.message
    assert FormVersion.objects.get().state == "draft"


def test_a_form_of_the_street_is_asked_in_its_communities(draft: FormVersion) -> None:
    assert usable_versions(actor=actor_of("community_worker")) == []
    act(services.publish_version, form_id=draft.form_id)
    assert [one.form.title for one in usable_versions(actor=actor_of("community_worker"))] == ["入户走访"]
    assert list(forms_for(actor=actor_of("stranger"))) == []
    with pytest.raises(NotFound):
        form_of(actor=actor_of("stranger"), form_id=draft.form_id)
    act(services.end_form, form_id=draft.form_id)
    assert usable_versions(actor=actor_of("community_worker")) == []
    with pytest.raises(Conflict):
        act(services.begin_version, form_id=draft.form_id)


def test_one_title_for_one_office(draft: FormVersion) -> None:
    own = act(services.create_form, "community_worker", title="入户走访")
    assert own.form.area_code == COMMUNITY


def test_conditions_travel_to_a_phone_as_trees(draft: FormVersion) -> None:
    told = for_phone(draft.questions)
    assert told[1]["relevant"] == ["op", "=", ["ref", "alone"], ["s", "yes"]]
    assert told[3]["children"][0]["fills"] == "need"


SURVEY = [
    ["type", "name", "label", "required", "relevant", "constraint", "constraint_message", "hint", "fills", "calculation"],
    ["start", "start"],
    ["select_one yn", "alone", "是否独居", "yes", "", "", "", "看门口的鞋", "tag:living_alone"],
    ["begin_group", "g", "身体"],
    ["integer", "age", "年龄", "", "${alone} = 'y'", ". > 0 and . < 120", "年龄不对"],
    ["end_group"],
    ["begin_repeat", "m", "家庭成员"], ["text", "who", "姓名"], ["end_repeat"],
    ["image", "ph", "门牌照片"], ["note", "thanks", "谢谢配合"], ["calculate", "twice", "", "", "", "", "", "", "", "${age} * 2"],
]  # fmt: skip
CHOICES = [["yn", "y", "是", "2"], ["yn", "n", "否", ""]]


def test_an_xlsform_comes_in_with_its_chinese_words() -> None:
    title, questions = read_xlsform(workbook(SURVEY, CHOICES, title="社区走访表"), filename="走访.xlsx")
    asked = tidied(questions)
    assert (title, faults_of(asked)) == ("社区走访表", [])
    assert [(one["name"], one["kind"]) for one in asked] == [
        ("alone", "one"), ("g", "group"), ("m", "repeat"), ("ph", "photo"), ("thanks", "note"), ("twice", "calculate"),
    ]  # fmt: skip
    first, age = asked[0], asked[1]["children"][0]
    assert (first["label"], first["required"], first["hint"], first["fills"]) == (
        "是否独居",
        True,
        "看门口的鞋",
        "tag:living_alone",
    )
    assert first["choices"] == [{"code": "y", "label": "是", "score": 2}, {"code": "n", "label": "否", "score": 0}]
    assert (age["relevant"], age["constraint"], age["constraint_message"]) == (
        "${alone} = 'y'",
        ". > 0 and . < 120",
        "年龄不对",
    )


def refused(content: bytes, filename: str = "表.xlsx") -> str:
    with pytest.raises(UnreadableForm) as refusal:
        read_xlsform(content, filename=filename)
    return refusal.value.fields["file"]


def test_what_is_wrong_with_an_xlsform_is_said_in_chinese() -> None:
    assert refused(b"no workbook") == "请上传 .xlsx 格式的 XLSForm（旧的 .xls 请先另存为 .xlsx）。"
    assert refused(b"x" * (2 * 1024 * 1024 + 1)) == "文件太大，XLSForm 最大2MB。"
    head = SURVEY[0]
    assert (
        refused(workbook([head, ["select_one zz", "a", "甲"]], CHOICES))
        == "第2行用到的选项表“zz”在 choices 工作表里没有。"
    )
    assert "choices 工作表里没有选项" in refused(workbook([head, ["select_one zz", "a", "甲"]], []))
    assert "geopoint" in refused(workbook([head, ["geopoint", "place", "位置"]], CHOICES))
    assert "成对" in refused(workbook([head, ["begin_group", "g", "组"], ["text", "a", "甲"]], CHOICES))
    assert "分数" in refused(workbook([head, ["select_one yn", "a", "甲"]], [["yn", "y", "是", "高"]]))
    for words in (
        refused(workbook([head, ["wrong_kind", "a", "甲"]], CHOICES)),
        refused(workbook([head, ["text", "9 a", "甲"]], CHOICES)),
    ):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words)
        assert "row" not in words
