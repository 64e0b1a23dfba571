"""The desk of households: found by whoever lives there; each has its own page at the community desk."""

from datetime import datetime
from typing import Any

from django import forms

from wushe.faces.www.registers.desk import Desk, OwnPages
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice
from wushe.foundation.actor import Actor
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import tree
from wushe.registers.people.home_keeping import found_household, update_household
from wushe.registers.people.household_desk import EDIT, HOUSEHOLDS
from wushe.registers.people.households import living_in
from wushe.registers.people.models import Household


class HouseholdForm(RegisterForm):
    """Where a household is and who heads it."""

    kept_if_empty = ("address",)

    area_code = forms.ChoiceField(
        label="社区、小区或网格", error_messages=ASK, help_text="可以选到小区、网格或楼栋；换了社区请办理迁移。"
    )
    address = forms.CharField(label="详细地址", required=False, max_length=120, error_messages=ASK)
    head_id = RowChoice(label="户主", required=False)
    longitude = forms.FloatField(label="经度", required=False, min_value=-180, max_value=180, error_messages=ASK)
    latitude = forms.FloatField(label="纬度", required=False, min_value=-90, max_value=90, error_messages=ASK)

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def first_values(self) -> dict[str, Any]:
        """Begin where the head lives."""
        return {"area_code": self.person.area_code} if self.person else super().first_values()

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Show all but the address."""
        return {**super().initial_of(row), "address": "", "head_id": row.head_id}

    def offered_places(self) -> list[tuple[str, str]]:
        """Return the community of the household and what is inside it."""
        about = self.row if self.row is not None else self.person
        places = tree(code=about.community_code, on=self.on, deepest=Level.BUILDING) if about else ()
        steps = list(Level.values)
        return [
            (place.area_code, "　" * (steps.index(place.level) - steps.index(Level.COMMUNITY)) + place.name)
            for place in places
        ]

    def prepare(self) -> None:
        """Offer who lives there as head; of a new household it is whom one has found."""
        if self.row is None:
            del self.fields["head_id"]
            self.fields["address"].required = True
            return
        self.fields["address"].help_text = "会加密保存；已登记的不显示，不改就留空。"
        here = [(one.pk, f"{one.name}（{one.born_on.year}年生）") for one in living_in(self.row)]
        self.offer("head_id", here, empty="没有登记")


def update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Household:
    """Change a household."""
    return update_household(actor=actor, at=at, household_id=pk, changes=changes)


HOUSEHOLDS_DESK = Desk(
    register=HOUSEHOLDS, one="household", icon="home", edit=EDIT, form=HouseholdForm, create=found_household, update=update,
    lead="谁和谁住在一起；地址都隐去，需要时在居民页面点开查看。",
    empty="登记居民时写上地址就有了家庭；也可以先找到户主，为一户立户。", enter="登记家庭", person="谁是户主",
    own=OwnPages(list="community:households", one="community:household"), siblings=("people", "households"),
)  # fmt: skip
