"""Post one event: to the address that was looked up, within a time bound, following nobody elsewhere."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from time import monotonic

from .addresses import AddressRefused, Target, target_of

SECONDS = 10.0
_MOST_READ = 4096
GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of posting: the answer's status, or why there was none."""

    status: int | None
    fault: str
    milliseconds: int

    @property
    def arrived(self) -> bool:
        """Say whether the receiver has taken the event."""
        return self.status is not None and 200 <= self.status < 300


def post(*, url: str, body: bytes, headers: Mapping[str, str], seconds: float = SECONDS) -> Outcome:
    """Post and return what came of it; never raises for what a receiver or the net does."""
    began = monotonic()
    status: int | None = None
    try:
        status = _answer(target_of(url), body, headers, seconds)
        fault = _said(status)
    except AddressRefused as refused:
        fault = str(refused)
    except TimeoutError:
        fault = "对方没有在规定时间内应答"
    except ssl.SSLError:
        fault = "对方的安全证书不可信"
    except (OSError, http.client.HTTPException):
        fault = "对方没有在规定时间内应答" if monotonic() - began >= seconds else "连接不上对方"
    return Outcome(status, fault, round((monotonic() - began) * 1000))


def _said(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"对方要求改到别的地址（{status}），请改用最终地址"
    return f"对方应答 {status}"


def _answer(target: Target, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
    connection = _Connection(target, seconds)
    # A receiver that sends a byte now and then never runs into the time bound of a single read.
    watch = Timer(seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target.path, body=body, headers={"Host": target.named, **headers})
        answer = connection.getresponse()
        answer.read(_MOST_READ)
        if connection.was_cut:
            raise TimeoutError
        return answer.status
    finally:
        watch.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to one looked-up address, whatever its name would say now."""

    def __init__(self, target: Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target = target
        self.was_cut = False

    def connect(self) -> None:
        """Connect to the address; over https the certificate must be that of the name."""
        plain = socket.create_connection((self._target.address, self._target.port), self.timeout)
        self.sock = plain
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)

    def cut(self) -> None:
        """End the connection from another thread; what has come by then is no answer."""
        self.was_cut = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
