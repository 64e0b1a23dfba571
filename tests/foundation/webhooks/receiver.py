"""A receiver on this machine: it keeps what it was sent and answers as it is told."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """Where it listens, what has come, and how it answers next; with nothing planned it answers 204."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    planned: deque[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=deque)

    def plan(self, *answers: int | Callable[[BaseHTTPRequestHandler], None]) -> None:
        """Answer the next requests so: with a status, or as a function does."""
        self.planned += [status(one) if isinstance(one, int) else one for one in answers]


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return what answers with a status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def silent(seconds: float) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return what answers nothing for so long."""
    return lambda handler: time.sleep(seconds)


def dripping(seconds: float) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return what sends a byte of a header now and then, so that no single read takes long."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(int(seconds / 0.1)):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    return answer


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            receiver.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            (receiver.planned.popleft() if receiver.planned else status(204))(self)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?from=wushe"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
