"""The intake of standing posts for volunteers: found by title in their community; who is named by number holds a place."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.facilities.models import Facility
from wushe.registers.rounds.reading.words import key, suggestion
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.posts import posts
from wushe.registers.volunteers.models import Post, PostHolder, Volunteer

from .base import Intake, Thing, differing, given, standing
from .places import Places

_FIELDS = ("places", "facility_id", "weekdays", "shift_start", "shift_end", "open_from", "open_until")


class Posts(Intake):
    """Posts by title and community."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = posts(self.on)
        self.places = Places(actor=actor, on=self.on)
        facilities = visible(Facility.objects.filter(closed_on=None), actor).order_by("-pk").values_list("pk", "name")
        self.facilities = {key(name): (pk, name) for pk, name in facilities}

    def settle(self, row: Row) -> None:
        """Find the place, the facility and the hours."""
        values = row.values
        self.places.resolve(row)
        self.places.require(row)
        if "hours" in values:
            values["shift_start"], values["shift_end"] = values["hours"]
        if text := values.get("facility"):
            if key(text) in self.facilities:
                values["facility_id"] = self.facilities[key(text)][0]
            else:
                names = [name for _, name in self.facilities.values()]
                row.refuse("facility", f"没有“{text[:20]}”这处设施{suggestion(text, names)}")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return title and community: together they stand in a file once."""
        found = hash((key(row.values.get("title", "")), row.values.get("area_code", "")[:12]))
        return (found,), (found,)

    def match(self, rows: list[Row]) -> None:
        """Find the posts by title and community, and who holds a place already."""
        rows = list(standing(rows))
        here = {row.values["area_code"][:12] for row in rows}
        there = visible(Post.objects.filter(community_code__in=here), self.actor).order_by("pk")
        known = {(key(post.title), post.area_code[:12]): post for post in there}
        numbers = {number.upper() for row in rows for number in row.values.get("holders", ())}
        present = visible(Volunteer.objects.filter(number__in=numbers, left_on=None), self.actor)
        volunteers = dict(present.values_list("number", "pk"))
        held: dict[int, set[int]] = {}
        for post, volunteer in PostHolder.objects.filter(post__in=there, ends_on=None).values_list(
            "post_id", "volunteer_id"
        ):
            held.setdefault(post, set()).add(volunteer)
        for row in rows:
            row.found = known.get((key(row.values["title"]), row.values["area_code"][:12]))
            self._judge(row, volunteers, held.get(row.found.pk, set()) if row.found else set())

    @staticmethod
    def _judge(row: Row, volunteers: dict[str, int], held: set[int]) -> None:
        values, found = row.values, row.found
        named = [number.upper() for number in values.get("holders", ())]
        if missing := [number for number in named if number not in volunteers]:
            row.refuse("holders", f"志愿者台账里没有编号 {missing[0][:20]}（或者已退出、不在本辖区）。")
        if found is None and "places" not in values:
            row.refuse("places", "请填岗位人数。")
        fresh = dict.fromkeys(volunteers[number] for number in named if number in volunteers)
        values["fresh"] = [pk for pk in fresh if pk not in held]
        if len(held) + len(values["fresh"]) > values.get("places", found.places if found else 0) and not row.faults:
            row.refuse(
                "holders" if values["fresh"] else "places", f"在岗{len(held) + len(values['fresh'])}人，超过岗位人数。"
            )
        ends, starts = (
            values.get("open_until", found and found.open_until),
            values.get("open_from", found and found.open_from),
        )
        if ends and starts and ends < starts:
            row.refuse("open_until", "结束日期不能早于开始日期。")
        if found is not None:
            changes = differing(row, found, _FIELDS)
            if "facility_id" in changes:
                changes["facility"] = changes.pop("facility_id")
            values["own_changes"] = changes
            values["changes"] = {**changes, **({"holders": values["fresh"]} if values["fresh"] else {})}

    def write(self, rows: list[Row]) -> None:
        """Write the posts, then who holds their places."""
        self.write_things(Post, rows, self._post, entered="post.open", changes="own_changes")
        filled = [row.values for row in rows if row.values["fresh"]]
        self.trail.create(PostHolder, [
            PostHolder(post_id=v["pk"], volunteer_id=pk, starts_on=v.get("open_from") or self.on)
            for v in filled
            for pk in v["fresh"]
        ])  # fmt: skip
        self.record(
            "post.fill",
            [Thing("post", v["pk"], v["area_code"]) for v in filled],
            {v["pk"]: {"volunteers": v["fresh"]} for v in filled},
        )

    def _post(self, row: Row) -> Post:
        values = row.values
        return Post(**{
            "open_from": self.on, **given(row, (*_FIELDS, "title", "area_code")), "initials": initials_of_title(values["title"]),
        })  # fmt: skip
