"""Prepare and run an installation: database, demonstration, static files, then web server, worker and scheduler."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from .environment import BIN, PYTHON, ROOT, prepare_environment, setting
from .supervisor import Child, Supervisor
from .words import say, stop

SQLITE_THREADS = 8


def setup() -> None:
    """Install the packages and bring database, demonstration and static files up to date."""
    prepare_environment()
    _choose_defaults()
    say("正在准备数据库和页面文件", "preparing database and static files")
    if subprocess.run([PYTHON, "manage.py", "prepare_installation"], cwd=ROOT).returncode:
        stop("准备没有完成，原因见上。", "The preparation did not finish; see above why.")


def run(host: str, port: int) -> int:
    """Set up, then run all processes of the installation until told to stop."""
    begun = time.monotonic()
    _require_free_port(host, port)
    setup()
    installed = time.monotonic()
    manage = [str(PYTHON), "manage.py"]
    address = f"http://{host}:{port}/"

    def announce() -> None:
        prepared, started = installed - begun, time.monotonic() - installed
        say(f"已就绪：{address}（按 Ctrl-C 停止）", f"ready after {prepared:.0f} s + {started:.0f} s; Ctrl-C stops it")
        if setting("DEMONSTRATION") == "1":
            subprocess.run([*manage, "show_sign_ins"], cwd=ROOT)

    os.chdir(ROOT)
    children = [
        Child("网页服务 web", web_server(host, port)),
        Child("后台任务 worker", [*manage, "run_worker"]),
        Child("定时任务 scheduler", [*manage, "run_scheduler"]),
    ]
    return Supervisor(children, ready=lambda: _answers(address), when_ready=announce).run()


def _choose_defaults() -> None:
    """Set what `./dev run` chooses unless the environment or .env says otherwise."""
    for name, value in {"DEMONSTRATION": "1", "GROUP_COMMIT": "1"}.items():
        os.environ[name] = setting(name, value)


def web_server(host: str, port: int) -> list[str]:
    """Return the command of the web server: one process of several threads, so that writers can share a flush."""
    return [
        str(BIN / "granian"), "config.wsgi:application", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", setting("WEB_PROCESSES", "1"), "--blocking-threads", setting("WEB_THREADS", str(SQLITE_THREADS)),
        "--blocking-threads-idle-timeout", "600", "--http", "1", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout",
        "10", "--log-level", "error",
    ]  # fmt: skip


def _require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            stop(
                f"端口 {port} 已被占用。请先停止占用它的程序，或换一个端口：./dev run --port {port + 1}",
                f"Port {port} is taken. Stop what uses it, or choose another: ./dev run --port {port + 1}",
            )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 — our own address
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
