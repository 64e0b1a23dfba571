"""The migrated, empty database of an earlier run: migrating anew costs more than most tests."""

import os
import sqlite3
from hashlib import sha256
from pathlib import Path
from shutil import copyfile

from django.conf import settings

# What a migration may call, beside what stands in it.
_CALLED = ("requirements.lock", "wushe/foundation/*.py", "wushe/registers/desk/filling.py")


def begin_with_template(name: Path) -> None:
    """Lay the template of the present migrations, if there is one, where the test database will be."""
    if _place().exists():
        copyfile(_place(), name)


def keep_as_template(name: Path) -> None:
    """Keep a database that has just been migrated, in place of that of former migrations."""
    if _place().exists():
        return
    draft = name.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(name) as database:
        database.execute("VACUUM INTO ?", (str(draft),))
    for former in _place().parent.glob("migrated-*.sqlite3"):
        former.unlink(missing_ok=True)
    # Of two processes that come here at once, either leaves a whole file.
    copyfile(draft, part := _place().with_suffix(draft.suffix))
    part.replace(_place())
    draft.unlink()


def _place() -> Path:
    files = [path for pattern in ("wushe/**/migrations/*.py", *_CALLED) for path in settings.BASE_DIR.glob(pattern)]
    digest = sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()
    return Path(settings.BASE_DIR) / "var" / f"migrated-{digest[:16]}.sqlite3"
