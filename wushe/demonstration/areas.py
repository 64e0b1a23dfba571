"""Places of the demonstration district: real names and codes, schematic boundaries, invented estates."""

from datetime import date

from wushe.registers.areas.models import Area, Level

from .source import World, read

START = date(2020, 1, 1)
UPPER = [("51", "四川省", Level.PROVINCE), ("5116", "广安市", Level.CITY)]


def load_areas(world: World) -> int:
    """Insert province to estate and return how many areas there are."""
    district = read("district")
    shapes = {f["properties"]["code"]: f for f in read("geometry")["features"]}
    urban = {unit["code"] for unit in district["units"] if unit["urban"]}
    chosen = {unit["code"] for unit in district["units"]}
    rows = [_area(code, name, level) for code, name, level in UPPER]
    for code, shape in sorted(shapes.items()):
        if not code.isdigit():
            continue  # the river is drawn, but is not an area
        level = {6: Level.DISTRICT, 9: Level.STREET, 12: Level.COMMUNITY}[len(code)]
        longitude, latitude = shape["properties"]["centre"]
        name = shape["properties"]["name"]
        rows.append(
            Area(
                area_code=code,
                level=level,
                name=name,
                short_name=_short(name),
                urban=code in urban,
                longitude=longitude,
                latitude=latitude,
                boundary=shape["geometry"],
                schematic=True,
                valid_from=START,
            )
        )
    for feature in read("estates")["features"]:
        about = feature["properties"]
        code = about["code"]
        longitude, latitude = feature["geometry"]["coordinates"]
        estate = {**about, "longitude": longitude, "latitude": latitude}
        world.estates.setdefault(about["community"], []).append(estate)
        if about["community"] in chosen:
            rows.append(_area(code, about["name"], Level.ESTATE, longitude, latitude))
    Area.objects.bulk_create(rows, batch_size=400)
    return len(rows)


def _area(code: str, name: str, level: Level, longitude: float | None = None, latitude: float | None = None) -> Area:
    return Area(
        area_code=code, level=level, name=name, short_name=_short(name), longitude=longitude, latitude=latitude,
        valid_from=START,
    )  # fmt: skip


def _short(name: str) -> str:
    for ending in ("街道", "社区"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
