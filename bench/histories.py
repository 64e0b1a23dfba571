"""Generated histories of phones against the rule that merges their reports.

    python -m bench.histories [histories] [seed]

Each history is one door: one to three phones knock, correct themselves and each other, with clocks wrong by up to
three days. The reports reach the server late by up to a week, in any order, some twice, some with a number used
before for another content, some only after the phone has seen what others sent. What the server then shows must be
what delivery in the order of the doing shows, or a conflict that a person sees; and every report must be on the
server or still on its phone with the refusal beside it.
"""

import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from wushe.practice.door_knock.merging import (
    NOBODY,
    NOT_REACHED,
    REACHED,
    Sent,
    Standing,
    Verdict,
    standing,
    verdict,
)

WEEK, DAY = 7 * 24 * 60, 24 * 60
Rule = Callable[[Iterable[Sent]], Standing]


@dataclass(frozen=True, slots=True)
class Written:
    """A report as it was written: when in truth, when by the phone's clock, by which phone, when it arrives."""

    sent: Sent
    phone: int
    done: int
    clock: int
    arrives: int


@dataclass(slots=True)
class Counts:
    """What was found."""

    histories: int = 0
    reports: int = 0
    deliveries: int = 0
    repeated: int = 0
    reused: int = 0
    late: int = 0
    wrong_clock: int = 0
    conflicts: int = 0
    lost: int = 0
    different: int = 0


def history(dice: random.Random) -> list[Written]:
    """Return what one to three phones write about one door, in the order of the doing."""
    phones = dice.choice((1, 1, 2, 2, 3))
    skews = [dice.choice((0, 0, dice.randint(-3 * DAY, 3 * DAY))) for _ in range(phones)]
    seen: list[set[str]] = [set() for _ in range(phones)]
    written: list[Written] = []
    now = 0
    for number in range(dice.randint(1, 7)):
        now += dice.randint(1, 2 * DAY)
        phone = dice.randrange(phones)
        if written and dice.random() < 0.35:
            # The phone had a network and took over what others had sent by then.
            seen[phone] |= {one.sent.client_id for one in written if one.arrives <= now}
        report = _report(dice, number, phone, seen[phone], written)
        delay = dice.choice((0, 1, dice.randint(1, DAY), dice.randint(1, WEEK)))
        written.append(Written(report, phone, now, now + skews[phone], now + delay))
        seen[phone].add(report.client_id)
    return written


def _report(dice: random.Random, number: int, phone: int, seen: set[str], written: list[Written]) -> Sent:
    outcome = dice.choice((REACHED, REACHED, REACHED, NOBODY, NOT_REACHED))
    says = f"{outcome}{dice.randrange(6)}"
    own = [one.sent for one in written if one.phone == phone]
    if own and dice.random() < 0.06:
        # A phone restored from a copy uses a number again for another content.
        return replace(dice.choice(own), outcome=outcome, digest=f"again {number}")
    known = [one.sent for one in written if one.sent.client_id in seen]
    return Sent(f"{phone}-{number}", frozenset(standing(known).heads), outcome, says)


def deliver(dice: random.Random, written: list[Written]) -> list[Sent]:
    """Return the reports as they arrive: by their delay, some twice or three times."""
    arriving = [(one.arrives, dice.random(), one.sent) for one in written]
    arriving += [
        (one.arrives + dice.randint(0, DAY), dice.random(), one.sent) for one in written if dice.random() < 0.3
    ]
    arriving += [
        (one.arrives + dice.randint(0, WEEK), dice.random(), one.sent) for one in written if dice.random() < 0.1
    ]
    return [sent for _, _, sent in sorted(arriving, key=lambda row: row[:2])]


def receive(deliveries: Iterable[Sent], counts: Counts | None = None) -> tuple[dict[str, Sent], set[Sent]]:
    """Return what the server keeps, and what it refuses, so that its phone keeps and shows it."""
    known: dict[str, Sent] = {}
    refused: set[Sent] = set()
    for sent in deliveries:
        found = verdict(known, sent)
        if found is Verdict.NEW:
            known[sent.client_id] = sent
        elif found is Verdict.REUSED:
            refused.add(sent)
        if counts is not None:
            counts.deliveries += 1
            counts.repeated += found is Verdict.REPEATED
            counts.reused += found is Verdict.REUSED
    return known, refused


def _last_wins(reports: Iterable[Sent]) -> Standing:
    """Let whatever arrived last win: the wrong rule, to show that the histories find it out."""
    last = list(reports)[-1]
    return Standing(last.outcome, (last.client_id,), False, 0, frozenset())


def judge(dice: random.Random, counts: Counts, rule: Rule) -> None:
    """Make one history, let it arrive, and compare."""
    written = history(dice)
    counts.histories += 1
    counts.reports += len(written)
    counts.late += sum(one.arrives - one.done > DAY for one in written)
    counts.wrong_clock += sum(one.clock != one.done for one in written)
    in_order, _ = receive(one.sent for one in written)
    known, refused = receive(deliver(dice, written), counts)
    counts.lost += sum(known.get(one.sent.client_id) != one.sent and one.sent not in refused for one in written)
    wanted, found = standing(in_order.values()), rule(known.values())
    counts.conflicts += found.conflict
    # Where a number was used twice, which content came first is chance: the other is refused, and seen on its phone.
    counts.different += wanted != found and not refused
    counts.different += _hides(written, known, found)


def _hides(written: list[Written], known: dict[str, Sent], found: Standing) -> bool:
    """Say whether a report that nobody corrected, and that says something else, is not among those that count."""
    corrected = {number for one in known.values() for number in one.after}
    shown = {(known[number].outcome, known[number].digest) for number in found.heads}
    speaking = [one.sent for one in written if known.get(one.sent.client_id) == one.sent and one.sent.outcome != NOBODY]
    return any(one.client_id not in corrected and (one.outcome, one.digest) not in shown for one in speaking)


def run(*, seed: int, histories: int, last_wins: bool = False) -> Counts:
    """Judge so many histories; the same seed gives the same."""
    dice = random.Random(seed)
    counts = Counts()
    for _ in range(histories):
        judge(dice, counts, _last_wins if last_wins else standing)
    return counts


def main() -> None:
    """Print what was found and how fast; leave with 1 if anything was lost or different."""
    histories, seed = (
        ([int(one) for one in sys.argv[1:]] + [100_000, 1])[:2] if len(sys.argv) < 3 else map(int, sys.argv[1:3])
    )
    began = time.process_time()
    counts = run(seed=seed, histories=histories)
    took = time.process_time() - began
    print(f"seed {seed}: {counts.histories:,} histories, {counts.reports:,} reports, {counts.deliveries:,} deliveries")
    print(f"repeated {counts.repeated:,}, numbers reused {counts.reused:,}, late by more than a day {counts.late:,}, "
          f"clock wrong {counts.wrong_clock:,}, visible conflicts {counts.conflicts:,}")  # fmt: skip
    print(
        f"lost {counts.lost}, different {counts.different}; {counts.histories / took:,.0f} histories per second of CPU"
    )
    sys.exit(1 if counts.lost or counts.different else 0)


if __name__ == "__main__":
    main()
