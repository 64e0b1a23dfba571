"""The proof of a statement: each line is bound to the one before, and each day all statements to one root.

Standard library alone, so that anybody can check a statement anywhere:  python proof.py statement.json
"""

import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

Step = tuple[str, str]
"""On which side the neighbour stands ("left" or "right"), and its hash."""


def begin(number: str) -> str:
    """Return the hash with which the statement of an account begins."""
    return _hash("statement", number)


def follow(head: str, line: Mapping[str, Any]) -> str:
    """Return the hash after one more line."""
    lots = [[str(origin), int(amount)] for origin, amount in line["lots"]]
    return _hash("line", head, [line["entry"], line["at"], line["memo"], line["amount"], lots])


def leaf(number: str, lines: int, head: str) -> str:
    """Return what stands for one statement in the tree of a day."""
    return _hash("leaf", number, lines, head)


def root_of(leaves: Sequence[str]) -> str:
    """Return the root of the tree; of an odd row the last one goes up alone."""
    row = list(leaves)
    while len(row) > 1:
        row = [_hash("node", *row[n : n + 2]) if n + 1 < len(row) else row[n] for n in range(0, len(row), 2)]
    return row[0] if row else _hash("empty")


def path_to(leaves: Sequence[str], place: int) -> list[Step]:
    """Return the neighbours by which a leaf climbs to the root."""
    row, steps = list(leaves), []
    while len(row) > 1:
        other = place ^ 1
        if other < len(row):
            steps.append(("left" if other < place else "right", row[other]))
        row = [_hash("node", *row[n : n + 2]) if n + 1 < len(row) else row[n] for n in range(0, len(row), 2)]
        place //= 2
    return steps


def climb(start: str, steps: Sequence[Sequence[str]]) -> str:
    """Return the root that a leaf reaches by its neighbours."""
    for side, other in steps:
        start = _hash("node", other, start) if side == "left" else _hash("node", start, other)
    return start


def problems(statement: Mapping[str, Any]) -> list[str]:
    """Return what does not hold together in a statement; [] if it is whole."""
    found = []
    heads = [begin(statement["number"])]
    for line in statement["lines"]:
        heads.append(follow(heads[-1], line))
        if sum(amount for _, amount in line["lots"]) != line["amount"]:
            found.append(f"第{len(heads) - 1}行：各批次之和与金额不符")
    if heads[-1] != statement["head"]:
        found.append("明细与校验码不符：有明细被改动、增加或删去")
    if sum(line["amount"] for line in statement["lines"]) != statement["balance"]:
        found.append("余额不是明细之和")
    if seal := statement.get("seal"):
        if not 0 <= seal["lines"] < len(heads):
            return [*found, "日封的行数超出明细"]
        if climb(leaf(statement["number"], seal["lines"], heads[seal["lines"]]), seal["path"]) != seal["root"]:
            found.append(f"与{seal['day']}的日封不符")
    return found


def _hash(*parts: Any) -> str:
    text = json.dumps(["wushe-time-bank-1", *parts], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def main(arguments: Sequence[str]) -> int:
    """Check a statement's file and say what was found."""
    if len(arguments) != 1:
        sys.stderr.write("用法：python proof.py 对账单.json\n")
        return 2
    statement = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    found = problems(statement)
    seal = statement.get("seal")
    for problem in found:
        sys.stdout.write(f"不符：{problem}\n")
    if not found:
        sys.stdout.write(f"{statement['number']}：{len(statement['lines'])} 行明细前后相符。\n")
        if seal:
            sys.stdout.write(
                f"前 {seal['lines']} 行已封存于 {seal['day']}，根校验值 {seal['root']}，请与公布的核对。\n"
            )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
