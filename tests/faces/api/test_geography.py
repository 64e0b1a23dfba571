"""Maps in the form of RFC 7946: collections, positions as longitude and latitude, and a media type of their own."""

import pytest
from django.utils import timezone

from tests.factories import needs
from tests.factories.cast import World, actor_of, user_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, OTHER_COMMUNITY, STREET
from tests.factories.tokens import client_of
from wushe.foundation.tokens.rate import REQUESTS
from wushe.oversight.break_kinds import KINDS
from wushe.oversight.selectors.breaks import breaks_by_area
from wushe.registers.areas.models import Area
from wushe.registers.facilities.models import Facility

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    REQUESTS.forget()
    return world()


def features(who: str, path: str, **query: str) -> list[dict[str, object]]:
    answer = client_of(user_of(who)).get(f"/api/v1/geo/{path}", query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/geo+json; charset=utf-8"
    content = answer.json()
    assert content["type"] == "FeatureCollection"
    for one in content["features"]:
        assert one.keys() == {"type", "id", "geometry", "properties"}
        assert one["type"] == "Feature"
    found: list[dict[str, object]] = content["features"]
    return found


def test_facilities_are_points_of_the_own_area(w: World) -> None:
    for name, area in (("翠屏驿站", COMMUNITY), ("北辰驿站", OTHER_COMMUNITY)):
        Facility.objects.create(name=name, kind="care_station", area_code=area, longitude=106.64, latitude=30.47)
    (one,) = features("community_worker", "facilities")
    assert one["geometry"] == {"type": "Point", "coordinates": [106.64, 30.47]}
    assert one["properties"]["name"] == "翠屏驿站"  # type: ignore[index]
    assert len(features("district_manager", "facilities")) == 2
    assert features("district_manager", "facilities", kind="meal_point") == []


def test_areas_have_their_outline_or_a_point(w: World) -> None:
    shape = {"type": "Polygon", "coordinates": [[[106.6, 30.4], [106.7, 30.4], [106.7, 30.5], [106.6, 30.4]]]}
    Area.objects.filter(area_code=COMMUNITY).update(boundary=shape, schematic=True)
    found = {one["properties"]["area_code"]: one for one in features("street_manager", "areas")}  # type: ignore[index]
    assert found[COMMUNITY]["geometry"] == shape
    assert found[COMMUNITY]["properties"]["schematic"] is True  # type: ignore[index]
    assert found[NEXT_COMMUNITY]["geometry"]["type"] == "Point"  # type: ignore[index]
    assert set(found) == set(Area.objects.filter(area_code__startswith=STREET).values_list("area_code", flat=True))
    far = client_of(user_of("street_manager")).get("/api/v1/geo/areas", {"area_code": OTHER_COMMUNITY})
    assert far.status_code == 404


def test_breaks_are_counted_by_community_as_the_page_counts_them(w: World) -> None:
    needs.triaged(w.elder)
    now = timezone.now()
    for kind in KINDS:
        counts = breaks_by_area(
            actor=actor_of("street_manager"), code=kind.code, area_code=STREET, at=now, column="community_code"
        )
        shown = features("street_manager", f"breaks/{kind.code}")
        told = {one["properties"]["area_code"]: one["properties"]["count"] for one in shown}  # type: ignore[index]
        assert {code: n for code, n in told.items() if n} == counts
        assert COMMUNITY in told
    assert client_of(user_of("street_manager")).get("/api/v1/geo/breaks/nothing").status_code == 404
