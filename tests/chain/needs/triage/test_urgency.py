"""What sounds like danger is called urgent: wide rules, whose words can be shown, and which calm words do not set off."""

import json
from pathlib import Path

import pytest

from wushe.chain.needs.models import Urgency
from wushe.chain.needs.triage.urgency import read_urgency

BENCH = Path(__file__).parents[4] / "bench/triage"
DEVELOPMENT = [json.loads(line) for line in (BENCH / "development.jsonl").read_text(encoding="utf-8").splitlines()]
URGENT = {Urgency.NOW, Urgency.DAY}


def test_the_development_sentences_are_heard() -> None:
    """None that is urgent is missed, and of what is called urgent at least four in five are."""
    heard = [(row["urgency"], read_urgency(row["text"]).level) for row in DEVELOPMENT]
    assert len(heard) == 109
    assert [found for right, found in heard if right in URGENT and found not in URGENT] == []
    called = [right in URGENT for right, found in heard if found in URGENT]
    assert sum(called) / len(called) >= 0.8


@pytest.mark.parametrize(
    ("words", "level", "reasons", "calls"),
    [
        ("老人摔在地上起不来了", Urgency.NOW, ["摔倒起不来"], ["120"]),
        ("降压药没了", Urgency.DAY, ["断药"], []),
        ("怕老人走丢，想有人看着", Urgency.WEEK, [], []),
        ("咨询一下书法班报名", Urgency.FORTNIGHT, [], []),
        ("想请人打扫屋子", Urgency.WEEK, [], []),
        ("", Urgency.WEEK, [], []),
    ],
)
def test_words_and_their_degree(words: str, level: str, reasons: list[str], calls: list[str]) -> None:
    read = read_urgency(words)
    assert (read.level, read.reasons, read.calls) == (level, reasons, calls)


def test_the_highest_sign_counts_and_each_is_marked() -> None:
    words = "药没了，妈妈摔在地上起不来"
    read = read_urgency(words)
    assert read.level == Urgency.NOW
    assert [words[slice(*alarm.span)] for alarm in read.alarms] == ["摔在地上起不来", "药没了"]
