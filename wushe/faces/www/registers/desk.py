"""A desk: what the pages of one register need beside its declaration — words, forms, parts, and what can be done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django import forms
from django.urls import reverse

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.registers.desk.declaration import Register

from .forms import RegisterForm
from .sections import Section

Clean = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to one row on a page of its own. With `person` a resident is found and chosen first."""

    code: str
    label: str
    icon: str
    permission: str
    form: Callable[[Any, Actor, date, Any], forms.BaseForm]
    do: Callable[[Actor, datetime, Any, dict[str, Any]], str]
    shows: Callable[[Any], bool] = lambda row: True
    person: bool = False
    whom: str = "谁来担任"
    listed: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class OwnPages:
    """The names of the pages of a register whose rows are shown elsewhere than on the common ones.

    Without a page `new` of their own they are still entered and edited on the common ones.
    """

    list: str
    one: str
    new: str = ""


def _elsewhere(*args: Any, **kwargs: Any) -> Any:
    raise NotFound


@dataclass(frozen=True, slots=True)
class Desk:
    """One register's desk; with `own` only its list is kept here."""

    register: Register
    one: str
    icon: str
    lead: str
    empty: str
    edit: str
    form: type[RegisterForm] = RegisterForm
    create: Callable[..., Any] = _elsewhere
    update: Callable[[Actor, datetime, int, dict[str, Any]], Any] = _elsewhere
    sections: Callable[[Actor, Any, date], list[Section]] = _elsewhere
    enter: str = ""
    acts: tuple[Act, ...] = ()
    siblings: tuple[str, ...] = ()
    rounds: str = ""
    """Under which name its spreadsheets come in."""
    person: str = ""
    """Words for whom to find first, if a row is about a resident."""
    own: OwnPages | None = None

    @property
    def begin(self) -> str:
        """Return what the button says that enters a row."""
        return self.enter or f"登记{self.register.title}"

    @property
    def code(self) -> str:
        """Return the code of the register."""
        return self.register.code

    @property
    def address(self) -> str:
        """Return where the list is."""
        return reverse(self.own.list if self.own else f"registers:{self.code}")

    @property
    def begin_address(self) -> str:
        """Return where a row is entered."""
        return reverse(self.own.new) if self.own and self.own.new else reverse("registers:new", args=[self.code])

    def address_of(self, pk: int) -> str:
        """Return where one row is."""
        return reverse(self.own.one if self.own else f"registers:{self.one}", args=[pk])

    def act(self, code: str) -> Act:
        """Return the act of this code; raise NotFound for another."""
        for one in self.acts:
            if one.code == code:
                return one
        raise NotFound


@cache
def desks() -> Mapping[str, Desk]:
    """Return all desks by the code of their register, in the order of the navigation."""
    from .desks import ALL

    return {desk.code: desk for desk in ALL}


def desk_of(code: str) -> Desk:
    """Return the desk of a register; raise NotFound for another code."""
    if code not in desks():
        raise NotFound
    return desks()[code]


def kept_here(code: str) -> Desk:
    """Return the desk of a register whose rows are entered on the common pages; raise NotFound for another code."""
    desk = desk_of(code)
    if desk.own and desk.own.new:
        raise NotFound
    return desk


def act_address(code: str, pk: int, act: str, query: str = "") -> str:
    """Return where an act on one row is done."""
    return reverse("registers:act", args=[code, pk, act]) + query
