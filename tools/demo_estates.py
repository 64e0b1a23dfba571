"""Invent residential estates for the demonstration: neutral names, several in each town community, yards in villages."""

from __future__ import annotations

import numpy as np

# The parts of the district that hold demonstration residents: the five town streets and one town with village stations.
LIVED_IN = {"511602001", "511602002", "511602004", "511602005", "511602006", "511602101"}

FIRST = list("桂锦秀翠兰荷竹松梅柏枫榕樟橙柚安和康宁福祥瑞欣悦春晨朝晴云溪泉湖江滨山岭坪园新华")
SECOND = list("香绣馨雅清明乐居丰泰润景源文苑岸霞光月风")
ESTATE_ENDS = ["小区", "家园", "花园", "苑", "庭", "佳苑", "新居", "里"]
OLD_ENDS = ["宿舍院", "家属院", "老院", "巷院"]
VILLAGE_GROUPS = ["一组", "二组", "三组", "四组", "五组", "六组"]


def estate_kind(rng: np.random.Generator) -> dict:
    """Draw one estate: old walk-ups, ordinary blocks or towers, as found side by side in a county town."""
    kind = rng.choice(["old", "block", "tower"], p=[0.35, 0.4, 0.25])
    if kind == "old":
        return {
            "kind": "old",
            "built": int(rng.integers(1982, 1999)),
            "buildings": int(rng.integers(2, 7)),
            "floors": int(rng.integers(5, 8)),
            "lift": False,
        }
    if kind == "block":
        return {
            "kind": "block",
            "built": int(rng.integers(1998, 2012)),
            "buildings": int(rng.integers(4, 14)),
            "floors": int(rng.integers(6, 9)),
            "lift": False,
        }
    return {
        "kind": "tower",
        "built": int(rng.integers(2009, 2024)),
        "buildings": int(rng.integers(3, 10)),
        "floors": int(rng.integers(18, 33)),
        "lift": True,
    }


def estate_name(kind: str, used: set[str], rng: np.random.Generator) -> str:
    """Return a name not used before."""
    while True:
        ends = OLD_ENDS if kind == "old" and rng.random() < 0.6 else ESTATE_ENDS
        first, second = str(rng.choice(FIRST)), str(rng.choice(SECOND))
        name = first + second + str(rng.choice(ends))
        if first != second and name not in used:
            used.add(name)
            return name


def village_yard(number: int, rng: np.random.Generator) -> dict:
    """Draw one villagers' group: scattered houses of two or three floors."""
    return {
        "name": VILLAGE_GROUPS[number],
        "kind": "yard",
        "built": int(rng.integers(1985, 2016)),
        "buildings": int(rng.integers(12, 40)),
        "floors": 2,
        "lift": False,
    }


def estates_of(rows: list[dict[str, str]], spots: dict[str, np.ndarray], rng: np.random.Generator) -> list[dict]:
    """Return the estates of all lived-in communities as GeoJSON points inside their community."""
    used: set[str] = set()
    found = []
    for row in rows:
        if row["code"][:9] not in LIVED_IN:
            continue
        places = spots[row["code"]]
        town = row["kind"] == "community"
        count = min(len(places), int(rng.integers(3, 9)) if town else int(rng.integers(3, 6)))
        for number, spot in enumerate(places[rng.choice(len(places), count, replace=False)]):
            if town:
                about = estate_kind(rng)
                about = {"name": estate_name(about["kind"], used, rng), **about}
            else:
                about = village_yard(number, rng)
            properties = {
                "code": f"{row['code']}{number + 1:03d}",
                "community": row["code"],
                **about,
                "schematic": True,
            }
            point = {"type": "Point", "coordinates": spot.round(5).tolist()}
            found.append({"type": "Feature", "properties": properties, "geometry": point})
    return found
