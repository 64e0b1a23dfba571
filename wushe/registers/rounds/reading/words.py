"""Words from a list: sex, yes or no, one of some choices, several of them; with the spellings that people use."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from .cells import Cell, Unreadable, narrow, tidy

_YES = frozenset(
    [
        "是",
        "有",
        "√",
        "✓",
        "✔",
        "☑",
        "对",
        "y",
        "yes",
        "t",
        "true",
        "1",
        "v",
        "在",
        "已",
        "需要",
        "属于",
        "可",
        "可以",
        "会",
    ]
)
_NO = frozenset(
    [
        "否",
        "无",
        "没有",
        "×",
        "✗",
        "✘",
        "☐",
        "□",
        "不",
        "不是",
        "n",
        "no",
        "f",
        "false",
        "0",
        "x",
        "未",
        "不需要",
        "不属于",
        "不可",
        "不会",
    ]
)
_SEXES = {
    "男": "M", "男性": "M", "m": "M", "male": "M", "1": "M", "先生": "M", "1男": "M", "1-男": "M",
    "女": "F", "女性": "F", "f": "F", "female": "F", "2": "F", "女士": "F", "2女": "F", "2-女": "F",
}  # fmt: skip
_BETWEEN = re.compile(r"[、，,；;/|\n\r+＋ ]+")
_CODE_BEFORE = re.compile(r"^[\dA-Za-z]{1,3}[.．、:：\-\s]+")


def sex(cell: Cell) -> str:
    """Return M or F."""
    found = _SEXES.get(narrow(cell).lower())
    if found is None:
        raise Unreadable(f"性别请填“男”或“女”，这里是“{narrow(cell)[:10]}”。")
    return found


def yes_or_no(cell: Cell) -> bool:
    """Return whether a cell says yes: 是, √, 1, Y."""
    text = narrow(cell).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unreadable(f"请填“是”或“否”，这里是“{text[:10]}”。")


class Choice:
    """Read one of some choices by any of its names; what is not among them is refused with the nearest that is."""

    def __init__(self, names: Mapping[str, Any], what: str) -> None:
        self.names = {key(name): value for name, value in names.items()}
        self.offered, self.what = list(names), what

    def __call__(self, cell: Cell) -> Any:
        """Return the value of the choice; raise Unreadable with a suggestion."""
        text = tidy(cell)
        for spelling in (key(text), key(_CODE_BEFORE.sub("", text))):
            if spelling in self.names:
                return self.names[spelling]
        raise Unreadable(f"没有“{text[:20]}”这个{self.what}{suggestion(text, self.offered)}")


class Several:
    """Read several choices parted by commas, slashes or blanks."""

    def __init__(self, choice: Callable[[Cell], Any]) -> None:
        self.choice = choice

    def __call__(self, cell: Cell) -> list[Any]:
        """Return the values, each once, in their order."""
        return list(dict.fromkeys(self.choice(part) for part in parts(cell)))


def parts(cell: Cell) -> list[str]:
    """Return the words of a list in a cell."""
    return [part for part in _BETWEEN.split(tidy(cell)) if part]


def line(longest: int, *, least: int = 0) -> Callable[[Cell], str]:
    """Return a reader of a line of text within two lengths."""

    def read(cell: Cell) -> str:
        text = tidy(cell)
        if len(text) > longest:
            raise Unreadable(f"最多{longest}个字，这里有{len(text)}个字。")
        if len(text) < least:
            raise Unreadable(f"至少{least}个字。")
        return text

    return read


def key(text: str) -> str:
    """Return a name as it is compared: without blanks, case and punctuation."""
    return re.sub(r"[\s()（）\[\]【】“”\"'·.．:：*＊_\-－—]+", "", text.lower())


def suggestion(text: str, offered: Iterable[str]) -> str:
    """Return the end of a sentence that names what may have been meant: “，是不是“翠屏路社区”？”."""
    near = get_close_matches(text, list(offered), n=2, cutoff=0.5)
    if not near:
        return "。"
    return "，是不是" + "或".join(f"“{one}”" for one in near) + "？"
