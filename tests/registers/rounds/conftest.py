"""The ground of the rounds: two streets and the reference data, laid once for each module."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.factories import catalogue, places
from wushe.foundation.actor import Actor


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        places.two_streets()
        catalogue.reference_data()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def laid(ground: None, db: None) -> None:
    """Let a test work on the ground; what it does is taken back."""


@pytest.fixture
def desk() -> Actor:
    """Return the community worker of 翠屏路社区."""
    return Actor(user_id=71, name="刘社区", role_code="community_worker", area_code=places.COMMUNITY)


@pytest.fixture
def street() -> Actor:
    """Return the social worker of 浓洄街道."""
    return Actor(user_id=72, name="陈社工", role_code="social_worker", area_code=places.STREET)
