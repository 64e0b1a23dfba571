"""Draw the schematic map of the demonstration district: communities tile their street, streets tile the district.

True boundaries are not public data, so the shapes are invented (示意图，非行政区划界线); only the names, the codes and the
rough position of the town are real. Method: a seeded cloud of small Voronoi cells ("atoms"); every atom belongs to one
community, every community to one street; a shape is the outline of its atoms. Shared outlines share vertices, so nesting
is exact, and the atoms make the edges look natural. Needs numpy and scipy. Run:

    python tools/build_demo_geometry.py
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from demo_estates import estates_of
from demo_outline import CENTRE_AREAS, CENTRES, OUTLINE, RIVER, to_degrees, to_km
from scipy.cluster.vq import kmeans2
from scipy.interpolate import CubicSpline
from scipy.spatial import Voronoi, cKDTree

SEED = 511602
DISTRICT = ("511602", "广安区")
ATOMS_PER_COMMUNITY = 10
SAMPLES = 160_000
DATA = Path(__file__).parent.parent / "data"
OUT = DATA / "demo" / "guangan"
NOTE = "示意图，非行政区划界线"

Units = dict[str, list[dict[str, str]]]


def read_units() -> tuple[dict[str, str], Units]:
    """Return the street names by code, and the communities of each street, those with a residents' committee first."""
    streets, units = {}, defaultdict(list)
    with (DATA / "divisions" / "511602.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if len(row["code"]) == 9:
                streets[row["code"]] = row["name"]
            else:
                units[row["code"][:9]].append(row)
    for rows in units.values():
        rows.sort(key=lambda row: (row["kind"] != "community", row["code"]))
    return streets, units


def wobble(points: np.ndarray) -> np.ndarray:
    """Shift points by a smooth wave of a few hundred metres, so that straight lines become natural ones."""
    x, y = points.T
    dx = 0.55 * np.sin(1.3 * y + 0.7 * x) + 0.16 * np.sin(2.9 * y - 1.7 * x + 1.0) + 0.05 * np.sin(6.1 * y + 2.0)
    dy = 0.55 * np.sin(1.1 * x - 0.6 * y + 2.0) + 0.16 * np.sin(3.1 * x + 1.3 * y) + 0.05 * np.sin(5.7 * x + 1.0)
    return points + np.column_stack([dx, dy])


def inside(points: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """Say for each point whether it lies in the ring (even-odd rule)."""
    result = np.zeros(len(points), dtype=bool)
    x, y = points.T
    for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        crosses = (y1 > y) != (y2 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            result ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return result


def share_out(points: np.ndarray, centres: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Assign points to centres so that each centre gets its share of area (power diagram, weights found by iteration)."""
    squared = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    weights = targets.copy()
    for step in range(400):
        owner = (squared - weights).argmin(axis=1)
        area = np.bincount(owner, minlength=len(centres)) / len(points) * targets.sum()
        weights += (0.6 if step < 200 else 0.2) * (targets - area)
    return owner


def spread(points: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return `count` evenly spread points of the cloud (Lloyd's algorithm)."""
    centres = points[rng.choice(len(points), count, replace=False)]
    for _ in range(6):
        owner = cKDTree(centres).query(points)[1]
        sizes = np.bincount(owner, minlength=count)
        sums = np.column_stack([np.bincount(owner, points[:, axis], count) for axis in (0, 1)])
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
    return centres


def neighbours_of(voronoi: Voronoi) -> dict[int, set[int]]:
    """Return which atoms touch."""
    touching: dict[int, set[int]] = defaultdict(set)
    for a, b in voronoi.ridge_points:
        touching[int(a)].add(int(b))
        touching[int(b)].add(int(a))
    return touching


def pieces(atoms: set[int], touching: dict[int, set[int]]) -> list[set[int]]:
    """Split a set of atoms into its connected pieces, the largest first."""
    left, found = set(atoms), []
    while left:
        piece, queue = set(), [left.pop()]
        while queue:
            atom = queue.pop()
            piece.add(atom)
            queue += (touching[atom] & left) - piece
            left -= piece | set(queue)
        found.append(piece)
    return sorted(found, key=len, reverse=True)


def connect(label: dict[int, str], touching: dict[int, set[int]], allowed: set[int]) -> None:
    """Give every stray piece of a label to the label it touches most, until each label is one piece."""
    for _ in range(20):
        groups: dict[str, set[int]] = defaultdict(set)
        for atom in allowed:
            groups[label[atom]].add(atom)
        strays = [stray for group in groups.values() for stray in pieces(group, touching)[1:]]
        if not strays:
            return
        for stray in strays:
            own = label[next(iter(stray))]
            around = Counter(label[n] for a in stray for n in touching[a] if n in allowed and label[n] != own)
            for atom in stray if around else ():
                label[atom] = around.most_common(1)[0][0]
    raise SystemExit("a label stays in pieces; change the seed")


def communities_of(points: np.ndarray, rows: list[dict[str, str]], centre: np.ndarray, seed: int) -> list[str]:
    """Group the atoms of one street into its communities; the committee communities lie nearest to the centre."""
    for attempt in range(30):
        means, owner = kmeans2(points, len(rows), minit="++", seed=seed + attempt)
        if len(set(owner)) == len(rows):
            break
    else:
        raise SystemExit("empty community; change the seed")
    order = np.argsort(((means - centre) ** 2).sum(axis=1))
    code_of = {int(group): rows[rank]["code"] for rank, group in enumerate(order)}
    return [code_of[int(group)] for group in owner]


def outline(atoms: set[int], voronoi: Voronoi) -> list[list[int]]:
    """Return the closed rings around a set of atoms, as vertex numbers, counter-clockwise."""
    edges: dict[int, int] = {}
    for a, b, (start, end) in (
        (*pair, ridge) for pair, ridge in zip(voronoi.ridge_points, voronoi.ridge_vertices, strict=True)
    ):
        if (a in atoms) == (b in atoms):
            continue
        inner = voronoi.points[a if a in atoms else b]
        p, q = voronoi.vertices[start], voronoi.vertices[end]
        left = (q[0] - p[0]) * (inner[1] - p[1]) - (q[1] - p[1]) * (inner[0] - p[0]) > 0
        first, last = (start, end) if left else (end, start)
        edges[first] = last
    rings = []
    while edges:
        ring = [next(iter(edges))]
        while (following := edges.pop(ring[-1])) != ring[0]:
            ring.append(following)
        rings.append(ring)
    return sorted(rings, key=len, reverse=True)


def build_atoms(
    streets: dict[str, str], units: Units, rng: np.random.Generator
) -> tuple[Voronoi, list[str], dict[str, np.ndarray]]:
    """Return the Voronoi diagram, the street of each inside atom, and the street centres."""
    ring = to_km(np.array(OUTLINE))
    low, high = ring.min(axis=0) - 6, ring.max(axis=0) + 6
    cloud = rng.uniform(low, high, (SAMPLES, 2))
    within = inside(wobble(cloud), ring)
    land, beyond = cloud[within], cloud[~within]
    codes = list(streets)
    sizes = np.array([CENTRE_AREAS.get(code, 3.0 * len(units[code])) for code in codes])
    total = (high - low).prod() * within.mean()
    central = np.array([code in CENTRE_AREAS for code in codes])
    sizes[~central] *= (total - sizes[central].sum()) / sizes[~central].sum()
    centres = to_km(np.array([CENTRES[code] for code in codes]))
    owner = share_out(wobble(land), centres, sizes)
    points, belongs = [], []
    for index, code in enumerate(codes):
        some = spread(land[owner == index], ATOMS_PER_COMMUNITY * len(units[code]), rng)
        points.append(some)
        belongs += [code] * len(some)
    points.append(spread(beyond, 2600, rng))
    return Voronoi(np.vstack(points)), belongs, dict(zip(codes, centres, strict=True))


def label_atoms(
    voronoi: Voronoi, belongs: list[str], units: Units, centres: dict[str, np.ndarray]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the street and the community of each inside atom, every one of them in one piece."""
    touching = neighbours_of(voronoi)
    street = dict(enumerate(belongs))
    connect(street, touching, set(street))
    community: dict[int, str] = {}
    for number, (code, rows) in enumerate(units.items()):
        atoms = sorted(atom for atom, owner in street.items() if owner == code)
        names = communities_of(voronoi.points[atoms], rows, centres[code], SEED + 100 * number)
        community.update(zip(atoms, names, strict=True))
        connect(community, touching, set(atoms))
    return street, community


def feature(properties: dict[str, str], atoms: set[int], voronoi: Voronoi, degrees: list) -> dict:
    """Return one GeoJSON feature; further rings are holes. `degrees` are the vertices, rounded once for all shapes."""
    rings = [[degrees[v] for v in (*ring, ring[0])] for ring in outline(atoms, voronoi)]
    rings = [[p for n, p in enumerate(ring) if n == 0 or p != ring[n - 1]] for ring in rings]
    middle = voronoi.points[sorted(atoms)].mean(axis=0)
    label = min(atoms, key=lambda atom: float(((voronoi.points[atom] - middle) ** 2).sum()))
    centre = to_degrees(voronoi.points[label][None])[0].round(5).tolist()
    about = {**properties, "centre": centre, "schematic": True}
    return {"type": "Feature", "properties": about, "geometry": {"type": "Polygon", "coordinates": rings}}


def river() -> dict:
    """Return the river as a smooth line through its rough points."""
    curve = CubicSpline(np.arange(len(RIVER)), np.array(RIVER))
    points = curve(np.linspace(0, len(RIVER) - 1, 5 * len(RIVER))).round(5).tolist()
    properties = {"code": "river", "name": "渠江", "kind": "river", "parent": DISTRICT[0], "schematic": True}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": points}}


def write(path: Path, head: dict, features: list[dict]) -> None:
    """Write a feature collection with one feature a line."""
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    start = json.dumps({"type": "FeatureCollection", **head}, ensure_ascii=False)[:-1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{start}, "features": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{path}: {len(features)} features, {path.stat().st_size // 1024} kB")


def main() -> None:
    """Build both files of the demonstration map."""
    rng = np.random.default_rng(SEED)
    streets, units = read_units()
    voronoi, belongs, centres = build_atoms(streets, units, rng)
    street, community = label_atoms(voronoi, belongs, units, centres)
    degrees = to_degrees(voronoi.vertices).round(5).tolist()
    groups: dict[str, set[int]] = defaultdict(set)
    for atom in street:
        for code in (DISTRICT[0], street[atom], community[atom]):
            groups[code].add(atom)
    rows = sorted((row for some in units.values() for row in some), key=lambda row: row["code"])
    labels = [(*DISTRICT, "district", DISTRICT[0][:4])]
    labels += [(code, name, "street", DISTRICT[0]) for code, name in streets.items()]
    labels += [(row["code"], row["name"], row["kind"], row["code"][:9]) for row in rows]
    shapes = [
        feature(dict(zip(("code", "name", "kind", "parent"), label, strict=True)), groups[label[0]], voronoi, degrees)
        for label in labels
    ]
    shapes.append(river())
    head = {"name": "广安区示意图", "crs_name": "WGS-84", "schematic": True, "note": NOTE}
    write(OUT / "geometry.json", head, shapes)
    spots = {r["code"]: to_degrees(voronoi.points[sorted(groups[r["code"]])]) for r in rows}
    head |= {"name": "广安区示范住宅小区和院落", "note": "Names and positions are invented; " + NOTE}
    write(OUT / "estates.json", head, estates_of(rows, spots, rng))


if __name__ == "__main__":
    main()
