"""The commands of `./dev`."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable

from . import product, quality, upkeep
from .words import Stop, complain


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev", description="五社 Wushe: install, run, test and look after it.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("setup", help="安装并准备 · install, migrate, load the demonstration")
    run = commands.add_parser("run", help="启动 · set up if needed, then serve on 127.0.0.1:8000")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8000)
    test = commands.add_parser("test", help="测试 · all tests, or those named; further options go to pytest")
    test.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("check", help="检查 · lint, format, types, contracts")
    commands.add_parser("lock", help="更新依赖锁 · renew the hash-pinned locks")
    backup = commands.add_parser("backup", help="备份 · database and uploads in one archive")
    backup.add_argument("folder", nargs="?", default="var/backups")
    commands.add_parser("doctor", help="体检 · what this machine has and lacks")
    return parser


def main(arguments: list[str]) -> int:
    """Carry out one command; return the exit code."""
    chosen = _parser().parse_args(arguments)
    actions: dict[str, Callable[[], int | None]] = {
        "setup": product.setup,
        "run": lambda: product.run(chosen.host, chosen.port),
        "test": lambda: quality.test(chosen.arguments),
        "check": quality.check,
        "lock": upkeep.lock,
        "backup": lambda: upkeep.backup(chosen.folder),
        "doctor": upkeep.doctor,
    }
    # Ended from outside, a command still puts away what it has made, such as a cluster for tests.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return actions[chosen.command]() or 0
    except Stop as error:
        complain(error)
    except subprocess.CalledProcessError as error:
        complain(Stop(f"命令没有成功 / this command failed: {error.cmd}"))
    except KeyboardInterrupt:
        return 130
    return 1
