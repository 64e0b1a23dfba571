"""Print how well triage finds service and urgency: `python -m bench.triage`.

held_out.jsonl was written and committed before the engine; nothing is tuned on it. development.jsonl and the
demonstration's sentences are for tuning. Each way of ranking runs over the same sentences in the same run: the match of
the catalogue's keywords alone; the wordbook; and the wordbook after the desk has made the choices of the other set.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
URGENT = ("now", "day")

Row = dict[str, Any]
Ranking = Callable[[str], list[str]]


def main() -> None:
    """Print the figures of both sets and all ways of ranking."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "1")
    import django

    django.setup()
    from wushe.chain.needs.triage.learning import learn

    items = catalogue()
    held_out, demonstration = sentences("held_out"), demonstration_sentences()
    pairs = {
        "held out": (held_out, learn((r["text"], r["items"][0]) for r in demonstration)),
        "demonstration": (demonstration, learn((r["text"], r["items"][0]) for r in held_out)),
    }
    for title, (rows, lesson) in pairs.items():
        print(f"\n{title}: {len(rows)} sentences")
        ways: dict[str, Ranking] = {
            "keywords alone": keywords_alone(items),
            "triage": triage(items),
            "triage after the choices of the other set": triage(items, lesson),
        }
        for way, ranking in ways.items():
            print(f"  {way:44}", shown(services(rows, ranking)))
    print(f"\nurgency, {len(held_out)} held out", shown(urgency(held_out)))
    print("by voice and mark, triage:")
    for mark, rows in sorted(parts(held_out).items()):
        print(f"  {mark:16} {len(rows):4}", shown(services(rows, triage(items))), shown(urgency(rows)))


def catalogue() -> list[Any]:
    """Return the services of the edition in force, unsaved."""
    from wushe.registers.catalogue.models import Item

    rows = json.loads((DATA / "catalogue/edition-2.json").read_text(encoding="utf-8"))["items"]
    return [Item(code=r["code"], name=r["name"], plain=r["explanation"], keywords=r["keywords"]) for r in rows]


def sentences(name: str) -> list[Row]:
    """Return the sentences of a file of this folder."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def demonstration_sentences() -> list[Row]:
    """Return the sentences that the demonstration speaks, written by somebody else for another purpose."""
    rows = json.loads((DATA / "demo/guangan/utterances.json").read_text(encoding="utf-8"))["utterances"]
    return [{"text": row["text"], "items": [row["item"]]} for row in rows]


def keywords_alone(items: list[Any]) -> Ranking:
    """Rank by the total length of a service's name and keywords that stand in the text: the plain baseline."""

    def ranking(text: str) -> list[str]:
        found = [(sum(len(w) for w in {item.name, *item.keywords} if w in text), item.code) for item in items]
        return [code for length, code in sorted(found, key=lambda f: (-f[0], f[1])) if length][:3]

    return ranking


def triage(items: list[Any], lesson: Any = None) -> Ranking:
    """Rank as the product does."""
    from wushe.chain.needs.triage.learning import NOTHING_LEARNT
    from wushe.chain.needs.triage.ranking import suggest

    return lambda text: [s.item.code for s in suggest(text, items, lesson=lesson or NOTHING_LEARNT)]


def services(rows: list[Row], ranking: Ranking) -> dict[str, float]:
    """Return the share whose first, or one of the first three, is right; and that names all of several needs."""
    ranked = [(set(row["items"]), ranking(row["text"])) for row in rows]
    several = [(right, found) for right, found in ranked if len(right) > 1]
    figures = {
        "top-1": _share([found[:1] != [] and found[0] in right for right, found in ranked]),
        "top-3": _share([bool(right & set(found)) for right, found in ranked]),
    }
    if several:
        figures["all of several"] = _share([right <= set(found) for right, found in several])
    return figures


def urgency(rows: list[Row]) -> dict[str, float]:
    """Return of what is urgent (within a day) the share that is seen; and of what is called urgent the share that is."""
    from wushe.chain.needs.triage.urgency import read_urgency

    read = [(row["urgency"], str(read_urgency(row["text"]).level)) for row in rows]
    return {
        "urgency recall": _share([found in URGENT for right, found in read if right in URGENT]),
        "precision": _share([right in URGENT for right, found in read if found in URGENT]),
        "recall of two hours": _share([found == "now" for right, found in read if right == "now"]),
    }


def parts(rows: list[Row]) -> dict[str, list[Row]]:
    """Return the sentences by who speaks and by how."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for name in (row["voice"], *row["marks"]):
            found[name].append(row)
    return found


def shown(figures: dict[str, float]) -> str:
    """Return figures on one line."""
    return "  ".join(f"{name} {100 * share:.1f} %" for name, share in figures.items())


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 1.0


if __name__ == "__main__":
    main()
