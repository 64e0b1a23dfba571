"""Planning: the only place where dispatch meets the engine. Problem and plan carry ids alone, never personal data."""

from wushe_engine import __version__ as engine_version
from wushe_engine.dispatch import warm_up

from .hand import by_hand
from .problem import build_problem, is_fixed
from .search import Chosen, Clash, Judgement, Proposal, judge, mend, propose, published_plan, replay

__all__ = [
    "Chosen",
    "Clash",
    "Judgement",
    "Proposal",
    "build_problem",
    "by_hand",
    "engine_version",
    "is_fixed",
    "judge",
    "mend",
    "propose",
    "published_plan",
    "replay",
    "warm_up",
]
