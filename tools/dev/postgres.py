"""A PostgreSQL of one's own for tests and benchmarks: made in a temporary folder, gone afterwards."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Return the folder of PostgreSQL's server programs, or None if they are not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@contextmanager
def throwaway_cluster(*, durable: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the URL of a new, empty cluster on a free port; `durable` keeps every flush, for measuring.

    `settings` are those of the server, for what a larger machine would be given (`{"shared_buffers": "2GB"}`).
    """
    folder = programs()
    if folder is None:
        raise FileNotFoundError("PostgreSQL server programs")
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="wushe-postgres-"))
    if user:
        shutil.chown(home, user)
    port = _free_port()
    options = _options(port, home, durable=durable, settings=settings or {})

    def call(*command: str) -> None:
        subprocess.run(command, user=user, cwd=home, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    try:
        call(
            str(folder / "initdb"),
            "-D",
            f"{home}/data",
            "-U",
            "wushe",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        call(str(folder / "pg_ctl"), "-D", f"{home}/data", "-w", "-l", f"{home}/log", "-o", options, "start")
        try:
            yield f"postgres://wushe@127.0.0.1:{port}/postgres"
        finally:
            call(str(folder / "pg_ctl"), "-D", f"{home}/data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _options(port: int, home: Path, *, durable: bool, settings: Mapping[str, str]) -> str:
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c max_connections=200"
    # Tests take back nearly all they write: what counts rows between them would find none, and plan as if there never were any.
    options += "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    return options + "".join(f" -c {name}={value}" for name, value in settings.items())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def describe() -> str:
    """Return the version of the installed server programs, for `./dev doctor`."""
    folder = programs()
    if folder is None:
        return ""
    out = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return f"{out.stdout.strip()} ({getpass.getuser()})"
