"""What the command line says: first in Chinese for those who run it, then in English for those who build it."""

import sys
from typing import NoReturn


class Stop(Exception):
    """The command cannot go on; the text says why and what to do."""


def say(chinese: str, english: str) -> None:
    """Print one line in both languages."""
    print(f"· {chinese} / {english}", flush=True)


def stop(chinese: str, english: str) -> NoReturn:
    """Raise Stop with a message in both languages."""
    raise Stop(f"{chinese}\n{english}")


def complain(error: Stop) -> None:
    """Print why a command could not go on."""
    print(f"\n✗ {error}", file=sys.stderr, flush=True)
