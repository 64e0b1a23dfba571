"""Where events may be sent: to the open net over https, never to a neighbour of this server.

The name is looked up once, every address it has must be public, and the connection goes to the address that was
looked at: a name that answers differently the second time gains nothing.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from wushe.foundation.errors import Invalid

# Addresses of the old net written in the new one, through a translator that may stand inside.
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_PORTS = {"http": 80, "https": 443}


class AddressRefused(Exception):
    """Nothing is sent to this address; the text says why, as the log shows it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A receiver: its name, where it is to be found, and what is asked there."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def named(self) -> str:
        """Return what stands in the header `Host`."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def check_url(url: str) -> None:
    """Raise Invalid for an address that can be refused by its looks; its name is looked up at each sending."""
    try:
        _parts(url)
    except AddressRefused as refused:
        raise Invalid(fields={"url": f"{refused}"}) from None


def target_of(url: str) -> Target:
    """Look the receiver up and return where to connect; raise AddressRefused."""
    scheme, host, port, path = _parts(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise AddressRefused("找不到这个域名") from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses:
        raise AddressRefused("找不到这个域名")
    if not settings.WEBHOOKS_INSIDE and not all(is_public(one) for one in addresses):
        raise AddressRefused("地址在内网或本机，不能推送")
    return Target(scheme, host, port, path, addresses[0])


def is_public(text: str) -> bool:
    """Say whether an address belongs to the open net, also if it is an old one in new clothes."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if any(address in net for net in _TRANSLATED):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if int(address) >> 32 == 0:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _parts(url: str) -> tuple[str, str, int, str]:
    """Return scheme, name, port and path with the query; raise AddressRefused for anything unusual."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or len(url) > 500:
        raise AddressRefused("地址里有不能用的字符，请检查")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("地址写得不对，请检查") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise AddressRefused("请填写以 https:// 开头的完整地址")
    if parts.scheme != "https" and not settings.WEBHOOKS_INSIDE:
        raise AddressRefused("只能推送到 https:// 开头的地址")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("地址里不能带用户名和密码")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path
