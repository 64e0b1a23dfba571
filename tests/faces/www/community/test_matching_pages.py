"""The matching page: proposals for all waiting needs, accepted one by one or together, each a linkage of its own."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import needs
from tests.factories.cast import World, client_of, world
from tests.factories.catalogue import CLEANING, item
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.resources.models import Linkage
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.django_db

PAGE, ACCEPT = "community:matching", "community:accept_matching"


@pytest.fixture
def here() -> World:
    w = world()
    line = needs.budget_line(needs.project(w.organisation))
    needs.linked(w.daughter, w.organisation, line=line)
    return w


@pytest.fixture
def desk(here: World) -> Client:
    return client_of("social_worker")


def form_of(client: Client, *chosen: Need, only: Need | None = None) -> dict[str, object]:
    """Return what the page would post."""
    rows = {row["need"].pk: row["proposal"].linkage for row in client.get(reverse(PAGE)).context["rows"]}
    posted: dict[str, object] = {"need": [one.pk for one in chosen]}
    for pk, linkage in rows.items():
        posted |= {f"society-{pk}": linkage["society"], f"reason-{pk}": linkage["reason"],
                   f"organisation-{pk}": linkage["organisation_id"] or "",
                   f"line-{pk}": linkage["budget_line_id"] or ""}  # fmt: skip
    return {**posted, "only": only.pk} if only else posted


def test_all_are_accepted_together_each_by_itself(here: World, desk: Client) -> None:
    waiting = [needs.triaged(here.elder), needs.triaged(here.elder, urgency="day")]
    before = JournalEntry.objects.filter(kind="linkage.link").count()
    page = desk.get(reverse(PAGE)).content.decode()
    assert "2 条需求等待链接，2 条有人能做" in page
    answer = desk.post(reverse(ACCEPT), form_of(desk, *waiting), follow=True)
    assert "已链接 2 条需求" in answer.content.decode()
    assert "没有等待链接的需求" in answer.content.decode()
    assert JournalEntry.objects.filter(kind="linkage.link").count() == before + 2
    assert set(Linkage.objects.filter(need__in=waiting).values_list("budget_line", flat=True)) == {
        Linkage.objects.get(need__person=here.daughter).budget_line_id
    }


def test_one_is_accepted_and_the_others_wait(here: World, desk: Client) -> None:
    one, other = needs.triaged(here.elder), needs.triaged(here.elder)
    desk.post(reverse(ACCEPT), form_of(desk, one, other, only=one))
    states = dict(Need.objects.filter(pk__in=[one.pk, other.pk]).values_list("pk", "state"))
    assert states == {one.pk: NeedState.LINKED, other.pk: NeedState.TRIAGED}


def test_what_is_refused_for_one_does_not_hold_up_the_others(here: World, desk: Client) -> None:
    """Somebody else has linked one need meanwhile, and one comes back with an organisation that is not there."""
    taken, strange, fine = (needs.triaged(here.elder) for _ in range(3))
    posted = form_of(desk, taken, strange, fine)
    posted[f"organisation-{strange.pk}"] = "999999"
    desk.post(reverse(ACCEPT), {**posted, "only": taken.pk})
    Need.objects.filter(pk=taken.pk).update(state=NeedState.IN_SERVICE)
    told = desk.post(reverse(ACCEPT), posted, follow=True).content.decode()
    assert "已链接 1 条需求" in told
    assert "请选择承接的社会组织" in told
    assert Need.objects.get(pk=fine.pk).state == NeedState.LINKED
    assert Need.objects.get(pk=strange.pk).state == NeedState.TRIAGED
    assert Linkage.objects.filter(need=taken).count() == 1


def test_nonsense_is_answered_politely(here: World, desk: Client) -> None:
    assert "请先选择" in desk.post(reverse(ACCEPT), {}, follow=True).content.decode()
    answer = desk.post(reverse(ACCEPT), {"need": ["x", "99999999", "９"]}, follow=True)
    assert answer.status_code == 200
    assert (
        "没有找到" in answer.content.decode()
        or "不存在" in answer.content.decode()
        or "需求 99999999" in answer.content.decode()
    )
    for area in ("x", "110101", "５１", "9" * 400):
        assert desk.get(reverse(PAGE), {"area": area}).status_code == 200


def test_nobody_able_is_told_with_what_would_help(here: World, desk: Client) -> None:
    needs.triaged(here.elder)
    Worker.objects.all().update(ends_on="2026-01-01")
    page = desk.get(reverse(PAGE)).content.decode()
    assert "暂时没有人能做" in page
    assert "目前没有哪一方会做“日常打扫”" in page


def test_the_page_of_one_need_begins_with_the_proposal(here: World, desk: Client) -> None:
    need = needs.triaged(here.elder)
    answer = desk.get(reverse("community:link", args=[need.pk]))
    assert "建议：由" in answer.content.decode()
    form = answer.context["form"]
    assert (form["society"].value(), form["organisation_id"].value()) == ("organisation", here.organisation.pk) or form[
        "organisation_id"
    ].value() == here.second_organisation.pk
    assert form["budget_line_id"].value() == Linkage.objects.get(need__person=here.daughter).budget_line_id
    assert item(CLEANING).price_fen > 0


def test_who_may_enter(here: World) -> None:
    for who in ("dispatcher", "carer", "organisation_a", "elder"):
        assert client_of(who).get(reverse(PAGE)).status_code == 403
    needs.triaged(here.elder)
    assert client_of("stranger").get(reverse(PAGE)).context["rows"] == []
