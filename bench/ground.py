"""The ground of the benchmarks: a database with a small world, a running server, and clients that cost little."""

import os
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.dev.postgres import throwaway_cluster

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


@contextmanager
def database(kind: str, *, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give the address of an empty database that flushes as in real use; `settings` are those of PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=var()))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SQLITE_SYNCHRONOUS": "FULL",
        "DEBUG": "0",
        "DEMONSTRATION": "0",
    }
    os.environ["STATIC_BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    try:
        if kind == "sqlite":
            os.environ |= {
                "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
                "GROUP_COMMIT": os.environ.get("GROUP_COMMIT", "1"),
            }
            yield os.environ["DATABASE_URL"]
        else:
            with throwaway_cluster(durable=True, settings=settings) as url:
                os.environ["DATABASE_URL"] = url
                yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def var() -> Path:
    """Return the folder on the disk of the project where the benchmarks write."""
    (ROOT / "var").mkdir(exist_ok=True)
    return ROOT / "var"


def flush_floor(*, times: int = 200) -> float:
    """Return the median time, in seconds, of one flush of 8 kB on this disk, now."""
    took = []
    with tempfile.NamedTemporaryFile(dir=var()) as file:
        for _ in range(times):
            file.seek(0)
            file.write(os.urandom(8192))
            file.flush()
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begun)
    return statistics.median(took)


def bare_commits_sqlite(*, seconds: float = 2.0) -> float:
    """Return durable commits per second of bare SQLite: one writer, one row changed and one written in each."""
    with tempfile.TemporaryDirectory(dir=var()) as folder:
        link = sqlite3.connect(f"{folder}/bare.sqlite3", isolation_level=None)
        link.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);"
            "CREATE TABLE b (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO a VALUES (1, 0);"
        )
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            link.execute("BEGIN IMMEDIATE")
            link.execute("UPDATE a SET n = n + 1 WHERE id = 1")
            link.execute("INSERT INTO b (text) VALUES (?)", ["x" * 200])
            link.execute("COMMIT")
            count += 1
        link.close()
        return count / seconds


def bare_commits_postgres(url: str, *, clients: int, seconds: float = 2.0) -> float:
    """Return durable commits per second of bare PostgreSQL from so many clients, each with a row of its own."""
    import psycopg

    counts = [0] * clients

    def write(number: int) -> None:
        with psycopg.connect(url, autocommit=True) as link:
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                with link.transaction():
                    link.execute("UPDATE bare_a SET n = n + 1 WHERE id = %s", [number])
                    link.execute("INSERT INTO bare_b (text) VALUES (%s)", ["x" * 200])
                counts[number] += 1

    with psycopg.connect(url, autocommit=True) as link:
        link.execute(
            "CREATE TABLE bare_a (id INT PRIMARY KEY, n INT); CREATE TABLE bare_b (id BIGSERIAL PRIMARY KEY, text TEXT)"
        )
        link.execute("INSERT INTO bare_a SELECT g, 0 FROM generate_series(0, %s) g", [clients])
    _in_threads([lambda n=n: write(n) for n in range(clients)])  # type: ignore[misc]
    return sum(counts) / seconds


def _in_threads(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def server(*, processes: int, threads: int) -> Iterator["Server"]:
    """Run the product's web server as `./dev run` does."""
    from tools.dev.product import web_server

    port = _free_port()
    os.environ |= {"WEB_PROCESSES": str(processes), "WEB_THREADS": str(threads)}
    process = subprocess.Popen(web_server("127.0.0.1", port), cwd=ROOT, start_new_session=True)
    try:
        _await(port, process)
        yield Server(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(150):
        try:
            if Client(port).send(b"GET /login/ HTTP/1.1\r\nHost: localhost\r\n\r\n") == 200:
                return
        except OSError:
            time.sleep(0.2)
        if process.poll() is not None:
            break
    raise SystemExit("the server did not start")


@dataclass(frozen=True)
class Server:
    """A running web server."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the CPU time used so far by the server's group of processes (Linux)."""
        total = 0.0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return total

    def come_to_rest(self, *, quiet: float = 1.0) -> None:
        """Wait until the server does nothing: after its start it reads its engine, which is no part of a request."""
        used = self.cpu_seconds()
        for _ in range(60):
            time.sleep(quiet)
            before, used = used, self.cpu_seconds()
            if used - before < 0.02 * quiet:
                return
        raise SystemExit("the server does not come to rest")

    def all_of_it(self, holds: Callable[[int], bool]) -> bool:
        """Say whether something holds for each of the server's processes."""
        return all(holds(pid) for pid in self._processes())

    def _processes(self) -> list[int]:
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [pid for pid in pids if _group_of(pid) == self.pid]


def _group_of(pid: int) -> int | None:
    with suppress(ProcessLookupError):
        return os.getpgid(pid)
    return None


class Client:
    """One kept connection that sends prepared bytes and reads the status: it leaves the CPU to the server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def send(self, request: bytes) -> int:
        """Send one request and return the status of its answer."""
        self._socket.sendall(request)
        data = self._rest
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += self._more()
        self._rest = body[length:]
        return int(head[9:12])

    def _more(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
