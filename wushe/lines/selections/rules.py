"""What policy says of a selection: presets of its place and day, and what follows from them without any row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import cached_property

from wushe.foundation.presets.selectors import preset
from wushe.foundation.workdays.selectors import working_days

from .models import Selection
from .states import SelectionKind, Way

MOST_POINTS = 100


@dataclass(frozen=True)
class Rules:
    """The rules of one selection on one day."""

    kind: str
    area_code: str
    on: date
    way: str = ""

    def value(self, name: str) -> Any:
        """Return the preset `selections.<name>`."""
        return preset(f"selections.{name}", area_code=self.area_code, on=self.on)

    def of_kind(self, name: str) -> Any:
        """Return the preset `selections.<name>.<kind>`."""
        return self.value(f"{name}.{self.kind}")

    @property
    def least_days(self) -> int:
        """Return how many days a call stays open at least."""
        return int(self.value("open_days.purchase")[self.way] if self.way else self.of_kind("open_days"))

    @property
    def least_proposals(self) -> int:
        """Return how many proposals must have passed the screening."""
        return int(self.value("least.purchase")[self.way] if self.way else self.of_kind("least"))

    @cached_property
    def criteria(self) -> Mapping[str, int]:
        """Return the criteria with their most points; they sum to 100."""
        found: Mapping[str, int] = self.of_kind("criteria")
        return found

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """Return how much the experts, the public and the price weigh, in percent."""
        found: Mapping[str, int] = self.of_kind("weights")
        return found

    def after(self, days: int) -> date:
        """Return the last of so many working days after the day."""
        return working_days(area_code=self.area_code, since=self.on).after(self.on, days)

    @property
    def notice_until(self) -> date:
        """Return the last day of a notice that begins today."""
        return self.after(int(self.of_kind("notice_days")))

    @property
    def contract_due(self) -> date:
        """Return by when the contract is signed if the result stands today."""
        return self.on + timedelta(days=int(self.of_kind("contract_days")))


def rules_of(selection: Selection, *, on: date) -> Rules:
    """Return the rules that hold for a selection on a day."""
    return Rules(selection.kind, selection.area_code, on, selection.way)


def way_of(kind: str, budget_fen: int, *, area_code: str, on: date) -> str:
    """Return how a purchase of this amount is made, the strictest way whose threshold it reaches; "" for a venture."""
    if kind != SelectionKind.PURCHASE:
        return ""
    thresholds: Mapping[str, int] = preset("selections.ways.purchase", area_code=area_code, on=on)
    return max((way for way in Way.values if budget_fen >= thresholds[way]), key=lambda way: thresholds[way])


def barred_by(text: str, negative: Sequence[str]) -> str:
    """Return the class of the negative list that a text names, "" if none: a line reads 类名：词、词."""
    for line in negative:
        title, _, words = line.partition("：")
        if any(word and word in text for word in words.split("、")):
            return title
    return ""
