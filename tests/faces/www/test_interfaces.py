"""Doors for machines: opened and ended only with the own password, secrets shown once, and the log of what was told."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import needs
from tests.factories.cast import actor_of, client_of, user_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.access.models import Grant, User
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.tokens.models import Token
from wushe.foundation.webhooks.models import Delivery, DeliveryState, Subscription
from wushe.foundation.webhooks.services import subscribe

pytestmark = pytest.mark.django_db
WORD = "一个很长的密码2026"


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> Client:
    world()
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    user = user_of("account_admin")
    user.set_password(WORD)
    user.save()
    return client_of("account_admin")


def grant(who: str = "social_worker") -> Grant:
    return user_of(who).grants.get()


def asked(**given: object) -> dict[str, object]:
    return {
        "name": "区级平台对接", "expires_on": str(TODAY + timedelta(days=30)), "read_only": "on", "per_minute": 60,
        "password": WORD, **given,
    }  # fmt: skip


def test_a_token_is_shown_once_and_works(admin: Client) -> None:
    answer = admin.post(reverse("admin:token", args=[grant().pk]), asked())
    secret = re.search(r"wushe_[\w-]{43}", answer.content.decode())
    assert secret is not None
    assert "no-store" in answer.headers["Cache-Control"]
    token = Token.objects.get()
    assert (token.read_only, token.permissions, token.per_minute) == (True, None, 60)
    machine = Client(headers={"Authorization": f"Bearer {secret[0]}"})
    assert machine.get("/api/v1/needs").status_code == 200
    listed = admin.get(reverse("admin:interfaces")).content.decode()
    assert secret[0] not in listed
    assert f"末四位 {secret[0][-4:]}" in listed


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password": ""}, "请输入您自己的登录密码。"),
        ({"password": "不是这个"}, "密码不对，没有办理。"),
        ({"expires_on": "2020-01-01"}, "到期日期应在"),
        ({"expires_on": "后天"}, "日期写得不对。"),
        ({"permissions": ["ledgers:post"]}, "请从列出的权限里选。"),
        ({"per_minute": "很多"}, "请填写整数。"),
        ({"per_minute": 10**9}, "每分钟次数应在1到"),
        ({"name": ""}, "请填写。"),
    ],
)
def test_refused_with_the_words_beside_the_field(admin: Client, given: dict[str, object], words: str) -> None:
    answer = admin.post(reverse("admin:token", args=[grant().pk]), asked(**given))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Token.objects.exists()
    if "name" not in given:
        assert "区级平台对接" in answer.content.decode()


def test_guessing_the_password_is_stopped(admin: Client) -> None:
    where = reverse("admin:token", args=[grant().pk])
    for _ in range(10):
        admin.post(where, asked(password="不是这个"))
    answer = admin.post(where, asked())
    assert answer.status_code == 403
    assert "尝试次数过多" in answer.content.decode()
    assert not Token.objects.exists()


def test_revoking_asks_for_the_password_too(admin: Client) -> None:
    admin.post(reverse("admin:token", args=[grant().pk]), asked())
    token = Token.objects.get()
    where = reverse("admin:revoke", args=[token.pk])
    assert "密码不对" in admin.post(where, {"password": "不是这个"}, follow=True).content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None
    assert "马上生效" in admin.post(where, {"password": WORD}, follow=True).content.decode()
    token.refresh_from_db()
    assert token.revoked_at == NOON
    assert admin.post(where, {"password": WORD}).status_code == 409


def test_a_subscription_from_its_form_to_its_end(admin: Client) -> None:
    where = reverse("admin:subscribe", args=[grant().pk])
    form = {"name": "接诉即办平台", "url": "https://example.org/hook", "kinds": ["need.record"], "password": WORD}
    answer = admin.post(where, form)
    secret = re.search(r"whsec_[\w+/=]{44}", answer.content.decode())
    assert secret is not None
    one = Subscription.objects.get()
    assert secret[0] not in one.secret
    fresh = admin.post(reverse("admin:webhook_secret", args=[one.pk]), {"password": WORD}).content.decode()
    assert "whsec_" in fresh
    assert secret[0] not in fresh
    page = reverse("admin:webhook", args=[one.pk])
    admin.post(reverse("admin:stop_webhook", args=[one.pk]))
    assert "已停止推送" in admin.get(page).content.decode()
    admin.post(reverse("admin:resume_webhook", args=[one.pk]))
    assert "已停止推送" not in admin.get(page).content.decode()
    admin.post(reverse("admin:end_webhook", args=[one.pk]), {"password": ""})
    assert admin.get(page).status_code == 200
    admin.post(reverse("admin:end_webhook", args=[one.pk]), {"password": WORD})
    assert admin.get(page).status_code == 404
    kinds = JournalEntry.objects.filter(kind__startswith="webhook.").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [f"webhook.{act}" for act in ("subscribe", "secret", "stop", "resume", "end")]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": "http://example.org/"}, "只能推送到 https:// 开头的地址"),
        ({"url": "https://user:word@example.org/"}, "地址里不能带用户名和密码"),
        ({"kinds": []}, "请至少选一种事件。"),
        ({"kinds": ["account.open"]}, "请从列出的事件里选。"),
        ({"password": "不是这个"}, "密码不对，没有办理。"),
    ],
)
def test_a_subscription_refused(admin: Client, given: dict[str, object], words: str) -> None:
    form = {"name": "平台", "url": "https://example.org/hook", "kinds": ["need.record"], "password": WORD, **given}
    answer = admin.post(reverse("admin:subscribe", args=[grant().pk]), form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Subscription.objects.exists()


def test_people_cannot_be_subscribed_to(admin: Client) -> None:
    User.objects.filter(pk=user_of("carer").pk).update(is_active=True)
    Grant.objects.filter(user=user_of("carer")).update(area_code="511602")
    form = {"name": "平台", "url": "https://example.org/", "kinds": ["visit.start"], "password": WORD}
    answer = admin.post(reverse("admin:subscribe", args=[grant("carer").pk]), form)
    assert answer.status_code == 422
    assert "个人身份不能用来推送" in answer.content.decode()


def test_an_event_is_sent_once_more(admin: Client) -> None:
    one, _ = subscribe(
        actor=actor_of("account_admin"), at=NOON, grant_id=grant().pk, name="平台", url="https://example.org/",
        kinds=["need.record"],
    )  # fmt: skip
    needs.recorded(world().elder)
    entry = JournalEntry.objects.filter(kind="need.record").latest("pk")
    old = Delivery.objects.create(
        subscription=one, entry=entry, state=DeliveryState.DELIVERED, attempts=1, next_try_at=NOON, delivered_at=NOON
    )
    admin.post(reverse("admin:send_again", args=[old.pk]))
    again = Delivery.objects.get(again=True)
    assert (again.entry_id, again.state) == (entry.pk, DeliveryState.WAITING)
    assert admin.post(reverse("admin:send_again", args=[again.pk])).status_code == 409
    page = admin.get(reverse("admin:webhook", args=[one.pk]), {"state": "waiting"}).content.decode()
    assert page.count("补推") == 1


def test_the_own_calendar_is_opened_changed_and_closed() -> None:
    world()
    browser = client_of("carer")
    assert "还没有开通" in browser.get(reverse("feed")).content.decode()
    addresses = [
        re.search(r"http://testserver/api/v1/calendars/[\w-]+\.ics", browser.post(reverse("feed")).content.decode())
        for _ in range(2)
    ]
    old, new = (one[0] for one in addresses if one)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert new not in browser.get(reverse("feed")).content.decode()
    browser.post(reverse("close_feed"))
    assert Client().get(new).status_code == 404
