"""What no database can keep is taken out at the door; what else was typed stays."""

import pytest
from django.http import QueryDict
from django.test import Client

from tests.factories.cast import user_of, world
from wushe.chain.needs.models import Need
from wushe.faces.www.middleware import _without_nul

pytestmark = pytest.mark.django_db


def test_an_address_that_holds_it_names_nothing() -> None:
    assert Client().get("/login%00/").status_code == 404


def test_a_search_goes_on_without_it() -> None:
    world()
    client = Client()
    client.force_login(user_of("community_worker"))
    answer = client.get("/community/needs/", {"q": "王\x00奶奶", "state\x00": "triaged"})
    assert answer.status_code == 200
    assert "王奶奶" in answer.content.decode()


def test_a_form_loses_nothing_else() -> None:
    here = world()
    client = Client()
    client.force_login(user_of("community_worker"))
    before = Need.objects.count()
    answer = client.post(f"/community/needs/new/{here.elder.pk}/", {"words": "想请人\x00做饭", "channel": "走访\x00"})
    assert answer.status_code == 422
    assert "想请人做饭" in answer.content.decode()
    assert Need.objects.count() == before


def test_fields_without_it_are_left_as_they_are() -> None:
    fields = QueryDict("a=1&a=2&b=")
    assert _without_nul(fields) is fields
    cleaned = _without_nul(QueryDict("a%00=1&a%00=%002&b="))
    assert list(cleaned.lists()) == [("a", ["1", "2"]), ("b", [""])]
