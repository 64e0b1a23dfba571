"""Look after an installation and its locks: renew the locks, take a backup, tell what this machine has."""

import platform
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from .environment import BIN, DEVELOPMENT, PYTHON, ROOT, RUNTIME, UV_LOCK, prepare_environment, setting
from .postgres import describe
from .words import say, stop

VAR = ROOT / "var"


def lock() -> None:
    """Resolve the requirements anew into the hash-pinned locks; a version moves only if pyproject.toml asks for it."""
    prepare_environment(development=True)
    compile_ = [
        str(BIN / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
        "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "./dev lock",
    ]  # fmt: skip
    own = ["pyproject.toml", "-o", str(RUNTIME)]
    subprocess.run([*compile_, *own], cwd=ROOT, check=True)
    dev = ["pyproject.toml", "--extra", "dev", "-c", str(RUNTIME), "-o", str(DEVELOPMENT)]
    subprocess.run([*compile_, *dev], cwd=ROOT, check=True)
    pinned = next(line for line in UV_LOCK.read_text().splitlines() if line.startswith("uv==")).rstrip("\\ ")
    subprocess.run([*compile_, "-", "-o", str(UV_LOCK)], cwd=ROOT, check=True, input=pinned.encode())


def backup(folder: str) -> None:
    """Write one archive of the database and the uploaded files, taken while the product runs."""
    prepare_environment()
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target / f"wushe-{stamp}.database"
    url = setting("DATABASE_URL", f"sqlite:///{VAR / 'wushe.sqlite3'}")
    if url.startswith("sqlite"):
        _copy_sqlite(ROOT / urlsplit(url).path[1:], draft)
    else:
        subprocess.run(["pg_dump", "--format=custom", f"--file={draft}", url], check=True)
    archive = target / f"wushe-{stamp}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(draft, "database")
        media = Path(setting("MEDIA_ROOT", str(VAR / "media")))
        if media.exists():
            tar.add(media, "media")
    archive.chmod(0o600)
    draft.unlink()
    say(f"已备份到 {archive}", "backup written")
    say("密钥不在备份里：请另行妥善保存 var/secrets", "the keys in var/secrets are not in it: keep them apart")


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        stop(f"没有找到数据库文件 {source}。", f"There is no database file {source}.")
    with sqlite3.connect(source) as database:
        database.execute("VACUUM INTO ?", [str(target)])
        answer = sqlite3.connect(target).execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        stop("备份文件校验未通过。", f"The copy is not whole: {answer}")


def doctor() -> int:
    """Tell what this machine has and what it lacks."""
    rows = [
        ("Python ≥ 3.11", f"{platform.python_version()} {sys.executable}"),
        ("venv", "yes" if PYTHON.exists() else "not made yet: ./dev setup"),
        ("SQLite ≥ 3.37", sqlite3.sqlite_version),
        ("PostgreSQL (optional)", describe() or "not installed"),
        ("Chromium (browser tests)", shutil.which("chromium") or "not installed"),
        ("git", shutil.which("git") or "not installed"),
        ("database", _without_password(setting("DATABASE_URL", "sqlite, var/wushe.sqlite3"))),
    ]
    for name, found in rows:
        print(f"{name:26} {found}")
    if PYTHON.exists():
        return subprocess.run([str(PYTHON), "manage.py", "check"], cwd=ROOT).returncode
    return 0


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url
