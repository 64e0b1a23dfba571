"""Why somebody is proposed for a need, or nobody: the engine's codes as Chinese sentences with their figures."""

from collections.abc import Mapping
from typing import Any

from wushe.chain.needs.models import Need

from .supply import Source

YES = {
    "only_candidate": "只有{who}能做“{item}”、服务这里，而且还排得开。",
    "existing_tie": "{who}以前为这位居民服务过。",
    "nearest": "{count}方能做，{who}离得最近（约{distance}）。",
    "best_for_all": "{count}方能做，这一批需求放在一起看，交给{who}最合适。",
    "pinned": "已由人工指定{who}。",
}
NO = {
    "nobody_able": "目前没有哪一方会做“{item}”。",
    "community": "会做“{item}”的都不服务这个社区。",
    "too_far": "会做“{item}”的都离得太远。",
    "nobody_fits": "有人会做“{item}”，但各有几个条件不符合。",
    "all_taken": "有{count}方会做“{item}”，但这一周的工时都已排满。",
    "not_worth_it": "能做“{item}”的离得太远，得不偿失。",
    "banned": "能做的都被排除了。",
}
MONEY_YES = {
    "only_candidate": "付过这类服务、覆盖这里的只有“{who}”。",
    "best_for_all": "有{count}笔经费可用，用“{who}”最合适，范围更大的钱留给别处。",
}
MONEY_NO = {
    "nobody_able": "没有一笔还有余额、付过这类服务的经费，请人工选一笔。",
    "community": "付过这类服务的经费都不覆盖这里。",
    "all_taken": "覆盖这里的经费都已用完，或已答应别的需求。",
    "not_worth_it": "可用的经费范围太大，先留给别处。",
}
REMEDIES = {
    "community": "请{who}把服务范围扩到这里",
    "skill": "请{who}培训或增加会做“{item}”的人",
    "place": "请{who}再抽出{minutes}分钟",
    "reach": "请{who}再走远{amount}米",
}
MONEY_REMEDIES = {"community": "把“{who}”的范围扩到这里", "place": "给“{who}”追加{yuan}元"}


def in_words(
    reason: Any, need: Need, sources: Mapping[str, Source], rules: Mapping[str, Any], *, money: bool = False
) -> list[str]:
    """Return why this one, and who came second by how much; or why nobody, and what would make it possible."""
    assert need.item is not None
    words = {"item": need.item.name, "count": reason.candidates, "minutes": need.item.minutes}
    words["yuan"] = f"{need.item.price_fen / 100:g}"
    if reason.provider is None:
        table, remedies = (MONEY_NO, MONEY_REMEDIES) if money else (NO, REMEDIES)
        sentences = [table.get(reason.code, "没有合适的。").format(**words)]
        ways = [
            remedies[one.kind].format(**words, who=sources[one.provider].title, amount=one.amount)
            for one in reason.remedies
            if one.kind in remedies and one.provider in sources
        ]
        if reason.code == "all_taken" and not ways:
            ways = _more_of(need, sources, remedies["place"], words, money=money)
        return sentences + ([f"可以：{'；或'.join(dict.fromkeys(ways))}。"] if ways else [])
    words |= {"who": sources[reason.provider].title, "distance": _distance(reason.figures.get("metres", 0))}
    table = MONEY_YES if money else YES
    sentences = [table.get(reason.code, table["best_for_all"]).format(**words)]
    if reason.runner_up in sources and reason.margin is not None:
        sentences.append(_second(sources[reason.runner_up].title, reason.margin, rules["points_per_km"]))
    return sentences


def _more_of(
    need: Need, sources: Mapping[str, Source], remedy: str, words: Mapping[str, Any], *, money: bool
) -> list[str]:
    """Return how much more would have to be had of the one who has most left; what is left may go to others."""
    assert need.item is not None
    asked, wanted = (need.item.price_fen, need.item.category) if money else (need.item.minutes, need.item.code)
    able = [
        one
        for one in sources.values()
        if (one.line is not None) == money and wanted in one.items and one.reaches(need.area_code)
    ]
    if not able:
        return []
    most = max(able, key=lambda one: (one.left, one.key))
    short = asked - most.left if most.left < asked else asked
    return [remedy.format(**{**words, "minutes": short, "yuan": f"{short / 100:g}"}, who=most.title)]


def _second(title: str, margin: int, per_km: int) -> str:
    if margin <= 0:
        return f"{title}也同样合适。"
    return f"其次是{title}，总分少{margin}分（1公里算{per_km}分）。"


def _distance(metres: int) -> str:
    return f"{metres}米" if metres < 1000 else f"{metres / 1000:.1f}公里"
