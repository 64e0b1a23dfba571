"""Matching: needs to the five societies, many to many, with capacities, use rules and reasons."""

from .check import Report, check_match
from .outcome import Match, MatchStop, Prices
from .problem import MatchInputError, MatchProblem
from .records import Ban, Need, Pin, Provider, Role, Rules, Tie, Vocabulary
from .solve import match

__all__ = [
    "Ban",
    "Match",
    "MatchInputError",
    "MatchProblem",
    "MatchStop",
    "Need",
    "Pin",
    "Prices",
    "Provider",
    "Report",
    "Role",
    "Rules",
    "Tie",
    "Vocabulary",
    "check_match",
    "match",
]
