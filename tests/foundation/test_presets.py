"""Presets: the most specific region, the day that counts, and a new value that overwrites nothing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import PresetMissing, preset, preset_row
from wushe.foundation.presets.services import set_preset

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
KEY = "test.radius"
MANAGER = Actor(user_id=1, name="x", role_code="district_manager", area_code="511602")
pytestmark = pytest.mark.django_db


def number(
    value: Any, region: str = "", since: date = date(2026, 1, 1), until: date | None = None, key: str = KEY
) -> Preset:
    return Preset.objects.create(
        key=key,
        region=region,
        title="半径",
        value=value,
        unit="metres",
        effective_from=since,
        effective_to=until,
        source="文件",
        certainty="X",
    )


def value(area_code: str = "511602001", on: date = date(2026, 6, 1)) -> Any:
    return preset(KEY, area_code=area_code, on=on)


class TestRead:
    def test_the_most_specific_region_wins(self) -> None:
        number(100)
        number(200, "51")
        number(300, "511602")
        assert [value("32"), value("5101"), value("511602001"), value("")] == [100, 200, 300, 100]

    def test_a_value_holds_from_its_first_day_until_before_its_last(self) -> None:
        number(100, since=date(2026, 1, 1), until=date(2026, 3, 1))
        number(150, since=date(2026, 3, 1))
        assert [value(on=date(2026, 2, 28)), value(on=date(2026, 3, 1))] == [100, 150]
        with pytest.raises(PresetMissing):
            value(on=date(2025, 12, 31))

    def test_a_region_whose_value_has_ended_falls_back_to_the_country(self) -> None:
        number(100)
        number(300, "511602", until=date(2026, 3, 1))
        assert [value(on=date(2026, 2, 1)), value(on=date(2026, 3, 1))] == [300, 100]

    def test_the_source_comes_with_it(self) -> None:
        number(100)
        assert preset_row(KEY, area_code="511602", on=date(2026, 6, 1)).source == "文件"


def change(**other: Any) -> Preset:
    given = {
        "key": KEY,
        "region": "511602",
        "value": 250,
        "effective_from": date(2026, 7, 1),
        "source": "广安区民政〔2026〕1号",
    }
    return set_preset(actor=other.pop("actor", MANAGER), at=NOW, **{**given, **other})


class TestSet:
    def test_a_new_value_ends_the_one_before_and_is_journalled(self) -> None:
        number(100)
        old = number(300, "511602")
        new = change()
        old.refresh_from_db()
        assert (old.value, old.effective_to, new.value) == (300, date(2026, 7, 1), 250)
        assert [value(on=date(2026, 6, 30)), value(on=date(2026, 7, 1))] == [300, 250]
        row = JournalEntry.objects.get(kind="preset.set")
        assert (row.subject_id, row.data["value"]) == (new.pk, 250)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"key": "test.nothing"}, "key"),
            ({"source": "  "}, "source"),
            ({"value": "很多"}, "value"),
            ({"value": True}, "value"),
            ({"effective_from": date(2026, 1, 1)}, "effective_from"),
        ],
    )
    def test_bad_input_is_told_beside_its_field_and_changes_nothing(self, wrong: dict[str, Any], field: str) -> None:
        number(300, "511602")
        with pytest.raises(Invalid) as refusal:
            change(**wrong)
        assert list(refusal.value.fields) == [field]
        assert list(Preset.objects.filter(key=KEY).values_list("value", "effective_to")) == [(300, None)]
        assert not JournalEntry.objects.exists()

    def test_a_whole_number_may_become_a_fraction(self) -> None:
        number(300, "511602")
        assert change(value=2.5).value == 2.5

    @pytest.mark.parametrize("region", ["", "51", "511603"])
    def test_another_area_is_not_theirs_to_change(self, region: str) -> None:
        number(300)
        with pytest.raises(NotAllowed):
            change(region=region)

    def test_needs_the_right(self) -> None:
        number(300)
        with pytest.raises(NotAllowed):
            change(actor=Actor(user_id=1, name="x", role_code="dispatcher", area_code="511602"))
