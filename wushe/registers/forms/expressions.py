"""The small language of skip logic, limits and scores: a subset of what XLSForm writes, read into a tree, never run as code.

A tree is made of lists, so that it travels to a phone as JSON and is worked out there by the same rules
(static/www/js/worker/forms.js). What is not answered is the empty text; arithmetic with it gives nothing, and a
comparison with nothing is false.
"""

import re
from functools import lru_cache
from typing import Any

Tree = list[Any]

LONGEST = 500
DEEPEST = 40
FUNCTIONS: dict[str, tuple[int, int]] = {
    "selected": (2, 2), "count-selected": (1, 1), "count": (1, 1), "sum": (1, 1), "not": (1, 1), "if": (3, 3),
    "true": (0, 0), "false": (0, 0), "today": (0, 0), "string-length": (1, 1), "round": (1, 1), "int": (1, 1),
    "number": (1, 1), "coalesce": (2, 2), "min": (1, 20), "max": (1, 20), "years-since": (1, 1),
}  # fmt: skip
"""What may be called, with the fewest and the most arguments."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")|\$\{\s*(?P<name>[A-Za-z_][\w.-]*)\s*\}"
    r"|(?P<word>[A-Za-z][A-Za-z0-9-]*)|(?P<sign><=|>=|!=|[=<>+\-*(),.]))"
)
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))


class BadExpression(ValueError):
    """The words cannot be read; the message is Chinese and safe to show."""


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Tree:
    return _Reader(text).whole()


def parse(text: str) -> Tree:
    """Return the tree of an expression; raise BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression(f"条件太长，最多{LONGEST}个字。")
    return _parsed(text.strip())


def names_in(tree: Tree) -> set[str]:
    """Return the names of the questions to which a tree refers."""
    if tree[0] == "ref":
        return {tree[1]}
    return {name for part in tree[1:] if isinstance(part, list) for name in names_in(part)}


class _Reader:
    """Reads one expression by descending through the levels of its signs."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.place, self.depth = text, self._cut(text), 0, 0

    def _cut(self, text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise BadExpression(f"条件“{text}”里，“{text[at:].strip()[:10]}”看不懂。")
            tokens.append((found.lastgroup, found.group(found.lastgroup)))
            at = found.end()
        return tokens

    def whole(self) -> Tree:
        """Read everything."""
        if not self.tokens:
            raise BadExpression("条件是空的。")
        tree = self._level(0)
        if self.place < len(self.tokens):
            raise BadExpression(f"条件“{self.text}”里，“{self.tokens[self.place][1]}”放错了地方。")
        return tree

    def _peek(self) -> str:
        if self.place >= len(self.tokens):
            return ""
        kind, value = self.tokens[self.place]
        return value if kind in {"sign", "word"} else ""

    def _take(self, value: str) -> bool:
        if self._peek() != value:
            return False
        self.place += 1
        return True

    def _level(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self._unary()
        self.depth += level == 0
        if self.depth > DEEPEST:
            raise BadExpression("条件里的括号太多层了。")
        left = self._level(level + 1)
        while (sign := self._peek()) in _LEVELS[level]:
            self.place += 1
            left = ["op", sign, left, self._level(level + 1)]
        self.depth -= level == 0
        return left

    def _unary(self) -> Tree:
        negative = 0
        while self._take("-"):
            negative += 1
        tree = self._atom()
        return ["neg", tree] if negative % 2 else tree

    def _atom(self) -> Tree:
        if self.place >= len(self.tokens):
            raise BadExpression(f"条件“{self.text}”没有写完。")
        kind, value = self.tokens[self.place]
        self.place += 1
        if kind == "number":
            return ["n", float(value)]
        if kind == "text":
            return ["s", value[1:-1]]
        if kind == "name":
            return ["ref", value]
        if kind == "word":
            return self._call(value)
        if value == ".":
            return ["self"]
        if value == "(":
            tree = self._level(0)
            if not self._take(")"):
                raise BadExpression(f"条件“{self.text}”少了右括号。")
            return tree
        raise BadExpression(f"条件“{self.text}”里，“{value}”放错了地方。")

    def _call(self, name: str) -> Tree:
        if name not in FUNCTIONS:
            raise BadExpression(f"条件里的“{name}”不支持。能用的有：{'、'.join(FUNCTIONS)}。")
        if not self._take("("):
            raise BadExpression(f"“{name}”后面要有括号。")
        given: list[Tree] = []
        while not self._take(")"):
            if given and not self._take(","):
                raise BadExpression(f"条件“{self.text}”少了逗号或右括号。")
            given.append(self._level(0))
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(given) <= most:
            raise BadExpression(f"“{name}”括号里的内容个数不对。")
        return ["call", name, *given]
