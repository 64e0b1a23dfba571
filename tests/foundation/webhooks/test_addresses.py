"""Nothing is sent to a neighbour of this server, in whatever clothes its address comes."""

import socket

import pytest
from pytest_django import Settings

from tests.foundation.webhooks.receiver import receiving
from wushe.foundation.errors import Invalid
from wushe.foundation.webhooks.addresses import AddressRefused, check_url, is_public, target_of
from wushe.foundation.webhooks.posting import post

INSIDE = [
    "127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1",
    "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "fe80::1%eth0", "2001:db8::1", "no address",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
REFUSED = [
    "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "https://", "//example.org/",
    "https://user:word@example.org/", "https://user@example.org/", "https://example.org:99999/", "https://exam ple.org/",
    "https://example.org\\@10.0.0.1/", "https://example.org/\r\nX: y", "https://例子.org/", "https://[::1/", "gopher://x/",
    "https://example.org/" + "x" * 500, "",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", REFUSED)
def test_refused_by_its_looks(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url)
    with pytest.raises(AddressRefused):
        target_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://0x7f.1/", "https://2130706433/",
        "https://127.1/", "https://017700000001/",
    ],
)  # fmt: skip
def test_refused_by_where_it_leads(url: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(url)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let each look-up of a name give the next of these."""
    left = list(answers)

    def looked_up(host: str, port: int, **_: object) -> list[object]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["8.8.8.8", "10.0.0.5"])
    with pytest.raises(AddressRefused, match="内网"):
        target_of("https://example.org/hook")


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads outside when it is looked at and inside when it is connected to gains nothing."""
    resolving(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    outcome = post(url="https://example.org/hook", body=b"{}", headers={})
    assert connected == [("8.8.8.8", 443)]
    assert (outcome.status, outcome.fault) == (None, "连接不上对方")


def test_an_own_server_gets_nothing_unless_allowed(settings: Settings) -> None:
    with receiving() as own:
        outcome = post(url=own.url, body=b"{}", headers={})
        assert own.came == []
        assert outcome.fault == "只能推送到 https:// 开头的地址"
        settings.WEBHOOKS_INSIDE = True
        assert post(url=own.url, body=b"{}", headers={}).arrived
        assert len(own.came) == 1


def test_a_certificate_of_nobody_is_not_trusted(settings: Settings) -> None:
    settings.WEBHOOKS_INSIDE = True
    with receiving() as plain:
        outcome = post(url=plain.url.replace("http://", "https://"), body=b"{}", headers={}, seconds=2.0)
    assert (outcome.status, plain.came) == (None, [])
    assert outcome.fault in {"对方的安全证书不可信", "连接不上对方"}
