"""Every page of the community desk opens to the roles it names, to nobody else, and only within scope."""

import pytest
from django.urls import get_resolver, reverse

from tests.factories import needs
from tests.factories.cast import CAST, World, actor_of, client_of, world
from tests.factories.places import NOON, TODAY
from wushe.chain.orders.services import place_order
from wushe.faces.www.community.urls import urlpatterns
from wushe.foundation.roles import Reach

pytestmark = pytest.mark.django_db
POSTED = {
    "export_needs", "suggestions", "refer", "accept_matching", "close", "reopen", "export_people", "reveal", "end_tag",
    "fund_project", "choose_carrier", "approve_project", "return_project", "start_project", "close_project",
}  # fmt: skip


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def ids(here: World) -> dict[str, int]:
    """Return one row of the first street for every kind of address."""
    recorded, triaged = needs.recorded(here.elder), needs.triaged(here.elder)
    linked, ordered = needs.linked(here.elder, here.organisation), needs.linked(here.elder, here.organisation)
    order = place_order(
        actor=actor_of("social_worker"), at=NOON, need_id=ordered.pk, visits_ordered=1, starts_on=TODAY,
        window_start=540, window_end=600,
    )  # fmt: skip
    tag = here.elder.tags.first()
    assert tag is not None
    return {
        "need_id": recorded.pk, "triaged": triaged.pk, "linked": linked.pk, "person_id": here.elder.pk,
        "order_id": order.pk, "tag_id": tag.pk, "project_id": needs.project(here.organisation).pk,
    }  # fmt: skip


def address(name: str, ids: dict[str, int]) -> str:
    wanted = next(p for p in urlpatterns if p.name == name).pattern.converters
    values = {key: ids[key] for key in wanted}
    values |= {"link": {"need_id": ids["triaged"]}, "place_order": {"need_id": ids["linked"]}}.get(name, {})
    return reverse(f"community:{name}", kwargs=values)


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_each_page_opens_to_those_it_names_and_to_no_one_else(here: World, ids: dict[str, int], pattern) -> None:  # type: ignore[no-untyped-def]
    url = address(pattern.name, ids)
    permissions = get_resolver().resolve(url).func.permissions
    assert permissions
    for who in CAST:
        actor, client = actor_of(who), client_of(who)
        allowed = actor.reach is Reach.AREA and any(actor.may(p) for p in permissions)
        if not allowed:
            status = (client.post if pattern.name in POSTED else client.get)(url).status_code
            assert status == 403, (who, status)
        elif pattern.name not in POSTED:
            within = who != "stranger" or not pattern.pattern.converters
            assert client.get(url).status_code == (200 if within else 404), who
        elif who == "stranger" and pattern.pattern.converters:
            assert client.post(url, {"reason": "visit", "field": "phone", "where": "x"}).status_code in (404, 422)


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_a_stranger_without_a_session_is_sent_to_sign_in(pattern, client) -> None:  # type: ignore[no-untyped-def]
    url = reverse(f"community:{pattern.name}", kwargs=dict.fromkeys(pattern.pattern.converters, 1))
    answer = client.post(url) if pattern.name in POSTED else client.get(url)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")
