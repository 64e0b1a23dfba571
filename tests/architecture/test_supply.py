"""What is installed is pinned by hash and bound to no registry; what a page loads comes from this project."""

import re

import pytest

from tests.architecture.sources import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock", "tools/dev/uv.lock"]
PINNED = re.compile(r"^[a-zA-Z0-9._-]+(\[[a-z,]+\])?==[^ ]+( ;.*)? \\$")


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert re.findall(r"\w+://\S+|--(?:index|extra-index|find-links)\S*", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_a_hash(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    heads = [number for number, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert heads
    assert [
        lines[n] for n in heads if not PINNED.match(lines[n]) or not lines[n + 1].lstrip().startswith("--hash=sha256:")
    ] == []


def test_the_development_lock_holds_the_runtime_lock() -> None:
    runtime, development = (_versions(name) for name in LOCKS[:2])
    assert runtime <= development


def _versions(name: str) -> set[str]:
    return {line.split(" \\")[0] for line in (ROOT / name).read_text().splitlines() if re.match(r"^\w", line)}


TEMPLATES = sorted((ROOT / "wushe/faces").rglob("*.html"))
INLINE = {
    "a script in the page": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE
    ),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style on an element": re.compile(r"<[^>]*\sstyle=", re.IGNORECASE),
    "a script on an element": re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE),
    "a script in an address": re.compile(r"(?:href|src|action)=[\"']?\s*javascript:", re.IGNORECASE),
    "an address outside": re.compile(
        r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_hold_nothing_that_the_content_policy_forbids(what: str) -> None:
    assert len(TEMPLATES) > 10
    assert [str(path.relative_to(ROOT)) for path in TEMPLATES if INLINE[what].search(path.read_text())] == []
