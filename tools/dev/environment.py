"""The virtual environment: made once, filled from the hash-pinned locks, refilled only when a lock has changed."""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from .words import say, stop

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
UV_LOCK = ROOT / "tools/dev/uv.lock"
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"


def prepare_environment(*, development: bool = False) -> None:
    """Make the environment and install what the lock names; do nothing if that has been done."""
    if not PYTHON.exists():
        _make()
    lock = DEVELOPMENT if development else RUNTIME
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    # The development lock holds all of the runtime lock, at the same versions.
    if wanted not in _installed():
        say("正在安装依赖包", f"installing the packages of {lock.name}")
        _install(lock)
        done = {wanted} | ({hashlib.sha256(RUNTIME.read_bytes()).hexdigest()} if development else set())
        (VENV / "installed").write_text("\n".join(sorted(done)))
    _link_engine()


def settings_file() -> dict[str, str]:
    """Return the settings written in .env."""
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.removeprefix("export ").strip(): value.strip().strip("\"'") for name, _, value in pairs}


def setting(name: str, default: str = "") -> str:
    """Return a setting of this installation: the environment goes before .env."""
    return os.environ.get(name) or settings_file().get(name, default)


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stop(
            f"这台机器的 Python 缺少 venv 组件。请运行：sudo apt install python{version}-venv，然后重试。",
            f"This Python lacks the venv module. Run: sudo apt install python{version}-venv, then try again.",
        )
    say("正在创建运行环境 .venv", "making the environment .venv")
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def _installed() -> list[str]:
    stamp = VENV / "installed"
    return stamp.read_text().split() if stamp.exists() else []


def _install(lock: Path) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    uv = BIN / "uv"
    if not uv.exists() and subprocess.run([*pip, str(UV_LOCK)]).returncode:
        say("没有适合本机的快速安装工具，改用 pip", "no uv for this machine, using pip")
    fast = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    if uv.exists() and subprocess.run(fast).returncode == 0:
        return
    if subprocess.run([*pip, str(lock)]).returncode:
        stop(
            "依赖包没有装上，请检查网络后重试。",
            "The packages could not be installed; check the network and try again.",
        )


def _link_engine() -> None:
    """Make the engine importable from its own folder: it is a distribution of its own, here used in place."""
    for site in VENV.glob("lib/python*/site-packages"):
        link = site / "wushe_engine.pth"
        source = str(ROOT / "engine/src")
        if not link.exists() or link.read_text().strip() != source:
            link.write_text(source + "\n")
