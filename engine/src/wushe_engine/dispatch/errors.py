"""What is wrong with a day's problem, named so that a dispatcher can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of a problem.

    Parameters
    ----------
    code : str
        Stable code of the fault (``"lock_without_skill"``, ``"negative_duration"`` …); the
        product translates it.
    subjects : tuple of str
        Ids of the visits, people, places or links concerned.
    message : str
        One English sentence with the figures.
    """

    code: str
    subjects: tuple[str, ...]
    message: str


class ProblemError(ValueError):
    """A problem whose data are malformed; carries every fault found, not only the first."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        self.issues = issues
        super().__init__("; ".join(f"[{issue.code}] {issue.message}" for issue in issues))

    def __reduce__(self) -> tuple[type[ProblemError], tuple[tuple[Issue, ...]]]:
        return (type(self), (self.issues,))


class ClashError(ProblemError):
    """A well-formed problem whose locks or links contradict each other."""
