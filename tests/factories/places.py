"""Two streets of 广安区 with their communities, as the division table names them."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

from wushe.foundation.actor import SYSTEM
from wushe.registers.areas.models import Area
from wushe.registers.areas.services import AreaRow, load_divisions

DATA = Path(__file__).resolve().parents[2] / "data"
NOON = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)  # Monday, 12:00 in Guang'an
TODAY = date(2026, 9, 14)

DISTRICT = "511602"
STREET, OTHER_STREET = "511602001", "511602002"
COMMUNITY, NEXT_COMMUNITY = "511602001001", "511602001002"
OTHER_COMMUNITY = "511602002001"
CENTRE = (106.64, 30.47)


def two_streets() -> None:
    """Load the province, the city, the district and all communities of 浓洄街道 and 北辰街道."""
    if Area.objects.filter(area_code=COMMUNITY).exists():
        return
    above = [AreaRow("51", "四川省"), AreaRow("5116", "广安市"), AreaRow(DISTRICT, "广安区")]
    with (DATA / "divisions/511602.csv").open(encoding="utf-8") as file:
        rows = [
            AreaRow(row["code"], row["name"], urban=True, longitude=CENTRE[0], latitude=CENTRE[1])
            for row in csv.DictReader(file)
            if row["code"].startswith((STREET, OTHER_STREET))
        ]
    load_divisions(actor=SYSTEM, at=NOON, rows=above + rows, valid_from=date(2020, 1, 1))
