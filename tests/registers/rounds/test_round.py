"""A round from upload to result: nothing before the commit, never twice, nothing of another's, all of it journalled."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import people, places
from tests.factories.places import NOON
from tests.registers.rounds.acting import commit, registered, rows, seen, upload
from tests.registers.rounds.ugly import HERS, HIS, NUMBER, one
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.registers.people.models import Household, Person, Relation, Tag
from wushe.registers.rounds import parts, selectors, services, writing
from wushe.registers.rounds.models import HeadingMemory, ImportRound, RoundPart

pytestmark = pytest.mark.usefixtures("laid")
HEAD = ["姓名", "身份证号", "联系电话", "家庭住址", "人员类别", "独居"]
SHEET = one(
    HEAD, ["王桂芳", NUMBER, "13908260001", "幸福巷1号", "低保、高龄", "是"], ["李建国", HIS, "", "幸福巷1号", "", ""],
    ["张坏", NUMBER[:-1], "", "", "", ""],
)  # fmt: skip


def kinds(round_: ImportRound) -> list[str]:
    return list(JournalEntry.objects.filter(data__round=round_.pk).order_by("id").values_list("kind", flat=True))


def test_the_dry_run_writes_nothing_and_the_commit_everything(desk: Actor) -> None:
    round_ = upload(desk, SHEET)
    counts = (round_.state, round_.rows, round_.created, round_.updated, round_.unchanged, round_.refused)
    assert counts == ("previewed", 3, 2, 0, 0, 1)
    assert registered() == []
    done = commit(desk, round_)
    assert (done.state, done.created, done.refused, done.rows_written) == ("committed", 2, 1, 3)
    assert [name for name, *_ in registered()] == ["李建国", "王桂芳"]
    wang = Person.objects.get(name="王桂芳")
    assert (wang.area_code, wang.lives_alone, wang.initials) == (places.COMMUNITY, True, "wgf")
    assert wang.household == Person.objects.get(name="李建国").household
    assert sorted(wang.tags.values_list("kind__code", flat=True)) == ["age_80", "dibao", "living_alone"]
    assert {tag.starts_on for tag in wang.tags.all()} == {places.TODAY}
    assert kinds(done) == ["person.register", "person.register", "person.tag"]
    finished = JournalEntry.objects.filter(kind__startswith="round.").order_by("id")
    assert [entry.kind for entry in finished] == ["round.upload", "round.preview", "round.begin", "round.finish"]
    assert finished[3].data["created"] == 2


def test_found_afterwards_as_if_typed_in(desk: Actor) -> None:
    from wushe.registers.people.selectors import find_people

    commit(desk, upload(desk, SHEET))
    for text in ("桂芳", "wgf", "0001", NUMBER):
        assert [person.name for person in find_people(actor=desk, text=text)] == ["王桂芳"], text


def test_the_same_sheet_again_changes_nothing(desk: Actor) -> None:
    commit(desk, upload(desk, SHEET))
    before = (registered(), Household.objects.count(), Tag.objects.count())
    again = upload(desk, SHEET)
    assert (again.created, again.updated, again.unchanged, again.refused) == (0, 0, 2, 1)
    entries = JournalEntry.objects.exclude(kind__startswith="round.").count()
    commit(desk, again)
    assert (registered(), Household.objects.count(), Tag.objects.count()) == before
    assert JournalEntry.objects.exclude(kind__startswith="round.").count() == entries


def test_a_changed_sheet_updates_and_an_empty_cell_leaves(desk: Actor) -> None:
    commit(desk, upload(desk, SHEET))
    changed = upload(desk, one(HEAD, ["王桂芳", NUMBER, "", "幸福巷2号", "优抚", ""], ["李建国", HIS, "13908260009"]))
    assert (changed.created, changed.updated) == (0, 2)
    commit(desk, changed)
    wang, li = Person.objects.get(name="王桂芳"), Person.objects.get(name="李建国")
    assert (wang.phone.reveal(), wang.lives_alone, wang.household.address.reveal()) == (
        "13908260001",
        True,
        "幸福巷2号",
    )
    assert (li.phone.reveal(), li.household.address.reveal()) == ("13908260009", "幸福巷1号")
    assert wang.tags.filter(ends_on=None).count() == 4
    assert kinds(changed) == ["person.update", "person.update", "person.tag"]
    fields = JournalEntry.objects.filter(kind="person.update", subject_id=wang.pk).get().data["fields"]
    assert fields == ["address"]
    assert Person.objects.filter(phone_tail_index=li.phone_tail_index).get() == li


def test_who_waits_for_a_number_gets_it_and_is_not_doubled(desk: Actor) -> None:
    plain = ["姓名", "性别", "出生日期", "身份证号"]
    commit(desk, upload(desk, one(plain, ["王桂芳", "女", "1944年2月11日", ""])))
    again = upload(desk, one(plain, ["王桂芳", "女", "1944-02-11", ""]))
    assert (again.unchanged, again.created) == (1, 0)
    with_number = upload(desk, one(plain, ["王桂芳", "", "", NUMBER]))
    assert with_number.updated == 1
    commit(desk, with_number)
    assert registered() == [("王桂芳", "F", "1944-02-11", NUMBER, "")]


def test_what_contradicts_the_register_is_refused(desk: Actor) -> None:
    people.person("王桂香", born_on=people.date(1944, 2, 11), number=NUMBER)
    people.person("李建国", sex="M", born_on=people.date(1950, 3, 5), number=HIS, area_code=places.OTHER_COMMUNITY)
    people.person("张秀兰", born_on=people.date(1962, 12, 1), number=HERS, died_on=people.date(2026, 1, 1))
    before = registered()
    sheet = one(HEAD[:2], ["王桂芳", NUMBER], ["李建国", HIS], ["张秀兰", HERS])
    round_ = upload(desk, sheet)
    said = {number: faults for number, _, faults in seen(round_)}
    assert "登记的姓名是“王桂香”" in said[2]["name"]
    assert "别的社区登记" in said[3]["id_number"]
    assert "已登记去世" in said[4]["name"]
    with pytest.raises(services.NothingToImport):
        commit(desk, round_)
    assert registered() == before


def test_relatives_come_along(street: Actor) -> None:
    head = ["姓名", "身份证号", "与户主关系", "住址", "所属社区", "监护人身份证号", "照护人身份证"]
    sheet = one(
        head, ["李建国", HIS, "户主", "幸福巷1号", "翠屏路社区"], ["张秀兰", HERS, "妻", "幸福巷1号", "翠屏路社区"],
        ["王桂芳", NUMBER, "母亲", "幸福巷1号", "翠屏路社区", HIS, people.id_number(born_on=people.date(1980, 1, 1), sex="F", serial=77)],
    )  # fmt: skip
    done = commit(street, upload(street, sheet))
    bonds = set(Relation.objects.values_list("person__name", "relative__name", "kind", "may_act"))
    assert bonds == {
        ("李建国", "张秀兰", "spouse", False), ("李建国", "王桂芳", "parent", False), ("王桂芳", "李建国", "guardian", False),
    }  # fmt: skip
    assert [row.remarks for row in rows(done) if row.remarks] == [
        {"carer_number": "登记册里没有这个身份证号的人，没有登记关系。"}
    ]
    commit(street, upload(street, sheet))
    assert Relation.objects.count() == 3


def test_an_office_teaches_its_own_headings_once(desk: Actor) -> None:
    sheet = one(["尊称", "证号", "打给谁"], ["王桂芳", NUMBER, "13908260001"])
    round_ = upload(desk, sheet)
    assert round_.layout["missing"] == ["姓名"]
    with pytest.raises(services.ColumnsMissing):
        commit(desk, round_)
    said = {"尊称": "name", "证号": "id_number", "打给谁": "phone"}
    with pytest.raises(Invalid):
        services.choose_columns(actor=desk, at=NOON, round_id=round_.pk, said={**said, "证号": "name"})
    with pytest.raises(Invalid):
        services.choose_columns(actor=desk, at=NOON, round_id=round_.pk, said={"尊称": "nobody"})
    assert HeadingMemory.objects.count() == 0
    round_ = services.choose_columns(actor=desk, at=NOON, round_id=round_.pk, said=said)
    assert (round_.state, round_.created, round_.layout["missing"]) == ("previewed", 1, [])
    again = upload(desk, sheet)
    assert (again.layout["missing"], again.created, again.layout["guessed"]) == ([], 1, [])
    other = Actor(user_id=71, name="", role_code="community_worker", area_code=places.NEXT_COMMUNITY)
    assert upload(other, sheet).layout["missing"] == ["姓名"]


def test_a_round_is_its_uploader_s_own(desk: Actor, street: Actor) -> None:
    round_ = upload(desk, SHEET)
    colleague = Actor(user_id=99, name="", role_code="community_worker", area_code=places.COMMUNITY)
    moved = Actor(user_id=71, name="", role_code="community_worker", area_code=places.OTHER_COMMUNITY)
    for other in (street, colleague, moved):
        assert list(selectors.rounds_of(actor=other)) == []
        for act in (services.commit_round, services.discard_round):
            with pytest.raises(NotFound):
                act(actor=other, at=NOON, round_id=round_.pk)
        with pytest.raises(NotFound):
            services.choose_columns(actor=other, at=NOON, round_id=round_.pk, said={})
    assert list(selectors.rounds_of(actor=desk)) == [round_]


def test_only_who_edits_a_register_imports_into_it(desk: Actor) -> None:
    auditor = Actor(user_id=5, name="", role_code="auditor", area_code=places.STREET)
    for actor, register in ((auditor, "residents"), (desk, "organisations"), (desk, "areas")):
        with pytest.raises(NotAllowed):
            upload(actor, SHEET, register)
    with pytest.raises(NotFound):
        upload(desk, SHEET, "nothing")
    assert not ImportRound.objects.exists()


def test_a_file_that_cannot_be_read_leaves_nothing(desk: Actor) -> None:
    for content in (b"", b"<html>", one(["姓名", "身份证号"])[:-100]):
        with pytest.raises(Invalid) as refusal:
            upload(desk, content)
        assert refusal.value.fields["file"]
    assert not ImportRound.objects.exists()
    assert not RoundPart.objects.exists()


def test_put_away_is_put_away(desk: Actor) -> None:
    round_ = upload(desk, SHEET)
    services.discard_round(actor=desk, at=NOON, round_id=round_.pk)
    assert not RoundPart.objects.filter(round=round_).exists()
    with pytest.raises(MoveNotAllowed):
        services.commit_round(actor=desk, at=NOON, round_id=round_.pk)
    assert registered() == []


def test_what_is_kept_is_sealed_and_forgotten_in_time(desk: Actor) -> None:
    round_ = upload(desk, SHEET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM rounds_part")
        kept = b"".join(bytes(content) for (content,) in cursor.fetchall())
        cursor.execute("SELECT layout, message FROM rounds_round")
        told = str(cursor.fetchall())
    for secret in (NUMBER, "王桂芳", "13908260001"):
        assert secret.encode() not in kept
        assert secret not in told
    assert NUMBER not in str(list(JournalEntry.objects.values_list("data", flat=True)))
    assert services.forget_old_rounds(actor=SYSTEM, at=NOON + timedelta(days=29)) == 0
    assert services.forget_old_rounds(actor=SYSTEM, at=NOON + timedelta(days=31)) == 1
    assert not RoundPart.objects.filter(round=round_).exists()


def test_the_preview_masks_what_is_sound_and_shows_what_is_not(desk: Actor) -> None:
    round_ = upload(desk, SHEET)
    sheet = selectors.sheet_of(actor=desk, at=NOON, register="residents")
    shown, after = selectors.rows_of(round_=round_, sheet=sheet)
    assert after is None
    number = {row.number: row.cells[1] for row in shown}
    assert number[2].text == f"5116{'*' * 12}{NUMBER[-2:]}"
    assert number[4].text == NUMBER[:-1]
    assert "17位" in number[4].fault
    assert [row.number for row in selectors.rows_of(round_=round_, sheet=sheet, outcome="r")[0]] == [4]


def test_pages_follow_one_another_over_parts(desk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ROWS", 7)
    monkeypatch.setattr(selectors, "PAGE", 5)
    bodies = [[f"王桂{chr(0x4E00 + n)}", "女", "1950-01-01" if n % 3 else "x"] for n in range(20)]
    round_ = upload(desk, one(["姓名", "性别", "出生日期"], *bodies))
    sheet = selectors.sheet_of(actor=desk, at=NOON, register="residents")
    found, after = [], -1
    while after is not None:
        page, after = selectors.rows_of(round_=round_, sheet=sheet, outcome="r", after=after)
        found += [row.number for row in page]
    assert found == [n + 2 for n in range(0, 20, 3)]


def test_the_result_is_the_file_with_what_became_of_each_row(desk: Actor) -> None:
    done = commit(desk, upload(desk, SHEET))
    head, *lines = selectors.result_of(round_=done)
    assert head == ["行号", *HEAD, "结果", "说明"]
    assert [(line[0], line[1], line[-2]) for line in lines] == [
        (2, "王桂芳", "已新增"),
        (3, "李建国", "已新增"),
        (4, "张坏", "没有导入"),
    ]
    assert lines[2][-1].startswith("身份证号：")
    assert [line[0] for line in list(selectors.result_of(round_=done, only_refused=True))[1:]] == [4]


def test_what_changed_since_the_preview_is_seen_at_the_commit(desk: Actor) -> None:
    round_ = upload(desk, SHEET)
    people.person("王桂芳", born_on=people.date(1944, 2, 11), number=NUMBER, telephone="13900000000")
    people.person("李新国", sex="M", born_on=people.date(1950, 3, 5), number=HIS)
    done = commit(desk, round_)
    assert (done.created, done.updated, done.refused) == (0, 1, 2)
    assert [name for name, *_ in registered()] == ["李新国", "王桂芳"]


def test_a_fault_in_the_middle_leaves_nothing(desk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = upload(desk, SHEET)
    monkeypatch.setattr(writing.parts, "keep_again", lambda part, rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.commit_round(actor=desk, at=NOON, round_id=round_.pk)
    round_.refresh_from_db()
    assert (round_.state, round_.rows_written) == ("previewed", 0)
    assert registered() == []
    assert not Household.objects.exists()
    monkeypatch.undo()
    assert commit(desk, round_).created == 2
