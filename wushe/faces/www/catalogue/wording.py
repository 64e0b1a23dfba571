"""The catalogue in words: who may serve, which skills, what changed, and for whom a package is."""

from collections.abc import Callable, Mapping
from typing import Any

from wushe.faces.www.templatetags.formats import minutes, money
from wushe.registers.catalogue.models import Item, Responsibility, Unit
from wushe.registers.people.models import AbilityLevel
from wushe.registers.people.selectors import tag_kinds
from wushe.registers.workforce.models import WorkerKind
from wushe.registers.workforce.selectors import skill_titles

TITLES = {
    "name": "名称", "plain": "说明", "category": "大类", "subcategory": "小类", "unit": "计量单位", "minutes": "最少时长", "skills": "技能",
    "performers": "可由谁服务", "two_people": "需两人", "price_fen": "单价", "photos": "照片", "signature": "签字",
    "responsible_party": "责任方", "keywords": "居民常用说法",
}  # fmt: skip
_PERFORMERS = {**dict(WorkerKind.choices), "organisation": "机构"}
_SAYINGS: dict[str, Callable[[Any], str]] = {
    "unit": lambda v: str(Unit(v).label),
    "minutes": minutes,
    "price_fen": money,
    "photos": lambda v: f"{v}张",
    "responsible_party": lambda v: str(Responsibility(v).label),
    "performers": lambda v: "、".join(str(_PERFORMERS.get(code, code)) for code in v) or "不限",
    "keywords": "、".join,
}


def written(item: Item, name: str, skills: Mapping[str, str]) -> str:
    """Return one property of an item as people read it."""
    value: Any = getattr(item, name)
    say = _SAYINGS.get(name)
    if name == "skills":
        return "、".join(skills.get(code, code) for code in value) or "不限"
    if say:
        return say(value)
    return ("是" if value else "否") if isinstance(value, bool) else str(value or "—")


def skills_in_words() -> dict[str, str]:
    """Return the titles of all skills by their codes."""
    return skill_titles()


def eligibility_in_words(conditions: Mapping[str, Any], tags: Mapping[str, str]) -> list[str]:
    """Return the conditions of a package as sentences; none means for everybody."""

    def names(codes: list[str]) -> str:
        return "、".join(tags.get(code, code) for code in codes)

    said = []
    if any_of := conditions.get("tags_any"):
        said.append(f"属于其中一类：{names(any_of)}")
    if all_of := conditions.get("tags_all"):
        said.append(f"同时属于：{names(all_of)}")
    if none_of := conditions.get("tags_none"):
        said.append(f"不属于：{names(none_of)}")
    if age := _range(conditions.get("age_min"), conditions.get("age_max"), "岁"):
        said.append(f"年龄{age}")
    levels = {level.value: level.label for level in AbilityLevel}
    low, high = conditions.get("ability_level_min"), conditions.get("ability_level_max")
    if low is not None or high is not None:
        first, last = levels[low if low is not None else 0], levels[high if high is not None else max(levels)]
        said.append(f"能力等级：{first}" if first == last else f"能力等级：{first}到{last}")
    return said or ["所有居民"]


def tags_in_words() -> dict[str, str]:
    """Return the titles of all categories of people by their codes."""
    return {kind.code: kind.title for kind in tag_kinds(sensitive=True)}


def _range(low: int | None, high: int | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{low}到{high}{unit}"
    if low is not None:
        return f"{low}{unit}及以上"
    return f"{high}{unit}及以下" if high is not None else ""
