"""The project's own files, parsed once for all tests of the architecture."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FACES = ("wushe/faces/", "wushe/demonstration/")


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Return the number of lines."""
        return self.text.count("\n")


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Return the Python files below these folders, without migrations."""
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    read = ((file.relative_to(ROOT).as_posix(), file.read_text()) for file in files if "node_modules" not in file.parts)
    return tuple(Source(path, text, ast.parse(text)) for path, text in read if "/migrations/" not in path)
