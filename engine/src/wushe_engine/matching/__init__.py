"""Matching: needs to the five societies, many to many, with capacities, use rules and reasons."""

from typing import TYPE_CHECKING, Any

from .check import Report, check_match
from .funds import Allocation, FundProblem, FundUse, Source, allocate, check_allocation
from .online import Offer, OnlineMatcher
from .outcome import Match, MatchStop, Prices
from .problem import MatchInputError, MatchProblem
from .records import Ban, Need, Pin, Provider, Role, Rules, Tie, Vocabulary
from .solve import match
from .stable import match_stably

if TYPE_CHECKING:
    from .candidates import Candidates, find_candidates
    from .reasons import Explainer, MatchReason, MatchRemedy, Worth, explain

_LATER = {
    "Candidates": "candidates",
    "find_candidates": "candidates",
    "Explainer": "reasons",
    "MatchReason": "reasons",
    "MatchRemedy": "reasons",
    "Worth": "reasons",
    "explain": "reasons",
}

__all__ = [
    "Allocation",
    "Ban",
    "Candidates",
    "Explainer",
    "FundProblem",
    "FundUse",
    "Match",
    "MatchInputError",
    "MatchProblem",
    "MatchReason",
    "MatchRemedy",
    "MatchStop",
    "Need",
    "Offer",
    "OnlineMatcher",
    "Pin",
    "Prices",
    "Provider",
    "Report",
    "Role",
    "Rules",
    "Source",
    "Tie",
    "Vocabulary",
    "Worth",
    "allocate",
    "check_allocation",
    "check_match",
    "explain",
    "find_candidates",
    "match",
    "match_stably",
]


def __getattr__(name: str) -> Any:
    """Import what needs numba only when it is asked for."""
    if name not in _LATER:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f".{_LATER[name]}", __name__), name)
