"""The verifier's desk: the queue, a decision with its reason, clean ones together, and call-backs."""

import pytest
from django.urls import reverse

from tests.factories import visits
from tests.factories.cast import client_of, world
from tests.factories.places import CENTRE, TODAY
from tests.factories.visits import clock
from wushe.chain.verification import services
from wushe.chain.verification.call_backs import draw_call_backs
from wushe.chain.verification.models import CallBack, Check, CheckState
from wushe.foundation.access.models import Grant
from wushe.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db

OUTSIDE = ("carer", "organisation_a", "elder", "account_admin")


@pytest.fixture
def here():
    return world()


@pytest.fixture
def doubtful(here):
    """Return the check of a visit that was signed in a kilometre away."""
    return visits.checked(visits.ended(visits.planned(here.elder, here.carer), place=(CENTRE[0] + 0.01, CENTRE[1])))


@pytest.fixture
def clean(here, doubtful, monkeypatch):
    """Return the check of a later visit without suspicion."""
    monkeypatch.setattr(services, "drawn", lambda **_: False)
    return visits.checked(visits.ended(visits.planned(here.elder, here.second_carer, start=700), evidence=True))


def elsewhere(name="verifier"):
    """Move one of the cast to the other street and return the browser."""
    client = client_of(name)
    Grant.objects.filter(user__username=name).update(area_code="511602002")
    return client


def test_the_queue_says_what_was_found_in_words(doubtful):
    text = client_of("verifier").get(reverse("quality:verification")).content.decode()
    assert "50分" in text
    assert "王**" in text
    assert "王桂芳" not in text
    assert "缺少" in text or "签到位置距住处" in text


@pytest.mark.parametrize("tab", ["picked", "clean", "rejected", "accepted", "nonsense"])
def test_every_tab_opens(clean, tab):
    assert client_of("verifier").get(reverse("quality:verification"), {"tab": tab, "after": "x.y"}).status_code == 200


def test_pages_open_for_their_roles_alone(doubtful):
    pages = [
        reverse("quality:home"),
        reverse("quality:verification"),
        reverse("quality:check", args=[doubtful.visit_id]),
    ]
    for name in OUTSIDE:
        status = 403
        for page in pages if name != "organisation_a" else []:
            assert client_of(name).get(page).status_code == status, (name, page)
    for page in ("quality:calls", "quality:clean"):
        for name in (*OUTSIDE, "settlement_clerk", "auditor"):
            assert client_of(name).get(reverse(page)).status_code == 403


def test_another_streets_visit_does_not_exist(doubtful):
    client = elsewhere()
    pk = doubtful.visit_id
    assert client.get(reverse("quality:check", args=[pk])).status_code == 404
    for act in ("accept", "reject"):
        assert client.post(reverse(f"quality:{act}", args=[pk]), {"reason": "x"}).status_code == 404
    assert Check.objects.get(pk=doubtful.pk).state == CheckState.WAITING


def test_refusing_without_a_reason_says_so_beside_the_field(doubtful):
    client = client_of("verifier")
    answer = client.post(reverse("quality:reject", args=[doubtful.visit_id]), {"reason": " "})
    assert answer.status_code == 422
    assert "请写明不通过的原因" in answer.content.decode()
    done = client.post(reverse("quality:reject", args=[doubtful.visit_id]), {"reason": "没有照片"})
    assert done.url == reverse("quality:verification")
    assert Check.objects.get(pk=doubtful.pk).reason == "没有照片"


def test_a_second_decision_keeps_what_was_typed(doubtful):
    client = client_of("verifier")
    client.post(reverse("quality:accept", args=[doubtful.visit_id]), {"reason": ""})
    again = client.post(reverse("quality:reject", args=[doubtful.visit_id]), {"reason": "晚了一步"})
    assert again.status_code == 422
    assert (
        "当前状态下不能进行这一步操作" in again.content.decode()
        or Check.objects.get(pk=doubtful.pk).state == "accepted"
    )
    assert Check.objects.get(pk=doubtful.pk).state == CheckState.ACCEPTED


def test_clean_visits_are_accepted_together(clean, doubtful):
    client = client_of("verifier")
    assert str(clean.visit_id) in client.get(reverse("quality:clean")).content.decode()
    mixed = client.post(reverse("quality:clean"), {"visit": [clean.visit_id, doubtful.visit_id]})
    assert mixed.status_code == 409
    assert client.post(reverse("quality:clean"), {}).status_code == 422
    assert client.post(reverse("quality:clean"), {"visit": [clean.visit_id]}).status_code == 302
    assert Check.objects.get(pk=clean.pk).state == CheckState.ACCEPTED


def test_a_call_back_from_list_to_answer(here, doubtful):
    draw_call_backs(actor=SYSTEM, at=clock(1500), day=TODAY)
    call = CallBack.objects.get()
    client = client_of("verifier")
    assert reverse("quality:call", args=[call.pk]) in client.get(reverse("quality:calls")).content.decode()
    page = reverse("quality:call", args=[call.pk])
    assert "照着说" in client.get(page).content.decode()
    assert client.post(page, {}).status_code == 422
    half = client.post(page, {"reached": "yes", "came": "yes", "comment": "记不清"})
    assert half.status_code == 422
    assert "记不清" in half.content.decode()
    assert client.post(page, {"reached": "yes", "came": "yes", "satisfied": "no"}).status_code == 302
    assert CallBack.objects.get().satisfied is False
    assert elsewhere().get(page).status_code == 404


def test_the_telephone_is_shown_on_request(here, doubtful):
    draw_call_backs(actor=SYSTEM, at=clock(1500), day=TODAY)
    client = client_of("verifier")
    number = here.elder.phone.reveal()
    page = reverse("quality:call", args=[CallBack.objects.get().pk])
    assert number not in client.get(page).content.decode()
    assert number in client.post(reverse("quality:phone", args=[CallBack.objects.get().pk])).content.decode()


def test_lists_cost_the_same_at_any_length(here, django_assert_max_num_queries):
    for number in range(5):
        visits.checked(visits.ended(visits.planned(here.elder, here.carer, start=480 + number * 70)))
    draw_call_backs(actor=SYSTEM, at=clock(1500), day=TODAY)
    client = client_of("verifier")
    for page in ("quality:verification", "quality:calls", "quality:clean"):
        with django_assert_max_num_queries(8):
            client.get(reverse(page))
    with django_assert_max_num_queries(12):
        client.get(reverse("quality:home"))
