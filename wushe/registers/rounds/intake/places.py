"""Places: the words of a spreadsheet find an area of the actor's own, by code or by name; a name that is not there gets a suggestion."""

import re
from collections.abc import Mapping
from datetime import date

from wushe.foundation.actor import Actor
from wushe.foundation.scope import within
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import in_force
from wushe.registers.rounds.reading.cells import narrow
from wushe.registers.rounds.reading.words import key, suggestion
from wushe.registers.rounds.sheets.description import Row

_COMMUNITY_ENDS = re.compile(r"(?:社区)?(?:居民委员会|居委会|村民委员会|村委会)$|(?:社区|村)$")
_STREET_ENDS = re.compile(r"(?:街道办事处|街道|民族乡|镇|乡)$")
_MOST_SUGGESTED = 3000
_CODE = re.compile(r"\d{6,24}")


class Places:
    """The areas of an actor on a day, from the street down."""

    def __init__(self, *, actor: Actor, on: date) -> None:
        self.actor = actor
        areas = in_force(on=on).filter(within(actor.area_code), level__lte=Level.COMMUNITY, level__gte=Level.DISTRICT)
        rows = list(areas.order_by("area_code").values_list("area_code", "name", "longitude", "latitude"))
        self.names = {code: name for code, name, _, _ in rows}
        above = [actor.area_code[:level] for level in (6, 9) if level < len(actor.area_code)]
        self._above = dict(in_force(on=on).filter(area_code__in=above).values_list("area_code", "name"))
        self.points = {code: (x, y) for code, _, x, y in rows if x is not None and y is not None}
        self._deep_known: dict[str, bool] = {}
        self._by_name: dict[int, dict[str, list[str]]] = {level: {} for level in (6, 9, 12)}
        for code, name in self.names.items():
            self._index(code, name)
        self._known: dict[tuple[str, str, int], str | None] = {}
        self._hints: dict[str, str] = {}
        self._on = on

    def _index(self, code: str, name: str) -> None:
        street = (self.names.get(code[:9]) or self._above.get(code[:9], "")) if len(code) == 12 else ""
        ends = _COMMUNITY_ENDS if len(code) == 12 else _STREET_ENDS
        spellings = {key(name), key(ends.sub("", name) or name)}
        if street:
            longer = (street + name, _STREET_ENDS.sub("", street) + name, street + ends.sub("", name))
            spellings |= {key(one) for one in longer}
        for spelling in spellings:
            self._by_name[len(code)].setdefault(spelling, []).append(code)

    def resolve(self, row: Row, *, least: int = Level.COMMUNITY) -> None:
        """Put the area's code into the row's values, or say beside the column why the place is none.

        Without a place the office's own community stands, if it is one; otherwise who is new needs one (`require`).
        """
        values = row.values
        text, street = values.get("place", ""), values.get("street", "")
        if not text and not (street and least <= Level.STREET):
            if len(self.actor.area_code) >= least:
                values["area_code"] = self.actor.area_code
            return
        wanted = (text or street, street if text else "", least)
        if wanted not in self._known:
            self._known[wanted] = self._find(*wanted)
        code = self._known[wanted]
        if code is None:
            row.refuse("place" if text else "street", self._fault(text or street, street if text else "", least))
        else:
            values["area_code"] = code

    @staticmethod
    def require(row: Row) -> None:
        """Refuse somebody or something new without a place."""
        if "area_code" not in row.values:
            row.refuse("place", "请填写所属社区（名称或12位代码）。")

    def _find(self, text: str, street: str, least: int) -> str | None:
        plain = narrow(text)
        if _CODE.fullmatch(plain):
            return plain if len(plain) >= least and self.exists(plain) else None
        for level in (12, 9):
            if level < least:
                break
            found = self._named(text, level)
            if street and len(found) > 1:
                streets = set(self._named(street, 9)) or {street}
                found = [code for code in found if code[:9] in streets]
            if len(found) == 1:
                return found[0] if not street or self._inside(found[0], street) else None
        return None

    def _inside(self, code: str, street: str) -> bool:
        streets = self._named(street, 9)
        return not streets or code[:9] in streets

    def _named(self, text: str, level: int) -> list[str]:
        ends = _COMMUNITY_ENDS if level == 12 else _STREET_ENDS
        names = self._by_name[level]
        exact = names.get(key(text), [])
        return exact or names.get(key(ends.sub("", text) or text), [])

    def exists(self, code: str) -> bool:
        """Say whether an area of the actor's own has this code."""
        if code in self.names:
            return True
        if len(code) <= 12 or code[:12] not in self.names:
            return False
        if code not in self._deep_known:
            self._deep_known[code] = in_force(on=self._on).filter(area_code=code).exists()
        return self._deep_known[code]

    def _fault(self, text: str, street: str, least: int) -> str:
        found = [code for level in (12, 9) if level >= least for code in self._named(text, level)]
        if _CODE.fullmatch(narrow(text)):
            return f"本辖区没有代码为 {narrow(text)} 的{'社区' if least == 12 else '街道或社区'}。"
        if len(found) > 1 and street:
            return f"“{street[:20]}”里没有“{text[:20]}”。"
        if len(found) > 1:
            streets = "、".join(self.names.get(code[:9], code[:9]) for code in found[:3])
            return f"“{text[:20]}”不止一个（{streets}），请填所属街道或12位代码。"
        if found:
            return f"“{text[:20]}”不在“{street[:20]}”。"
        return f"本辖区没有“{text[:20]}”{self._hint(text, least)}"

    def _hint(self, text: str, least: int) -> str:
        names = [name for code, name in self.names.items() if len(code) >= least]
        if len(names) > _MOST_SUGGESTED:
            names = [name for name in names if name[:1] == text[:1]][:_MOST_SUGGESTED]
        if text not in self._hints and len(self._hints) < 500:
            self._hints[text] = suggestion(text, names)
        return self._hints.get(text, "。")


def point_of(places: Places, values: Mapping[str, object]) -> tuple[float, float] | None:
    """Return the point of the row's area, or of the street above it."""
    code = str(values.get("area_code", ""))
    return places.points.get(code[:12]) or places.points.get(code[:9])
