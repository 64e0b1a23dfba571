"""A small world with many orders, written in bulk: the same shapes that the services leave."""

from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.factories import catalogue, organisations, people, places
from wushe.chain.needs.models import Channel, Need, NeedState, Urgency
from wushe.chain.orders.models import Offer, Order, OrderState
from wushe.foundation.access.models import Grant, User
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

BATCH = 2000


def lay_ground() -> tuple[list[Person], list[Organisation]]:
    """Migrate, load the reference data, and register people and two organisations."""
    call_command("migrate", verbosity=0, interactive=False)
    places.two_streets()
    catalogue.reference_data()
    elders = [people.person(f"王桂{number}", area_code=places.COMMUNITY) for number in range(20)]
    elders += [people.person(f"李秀{number}", area_code=places.NEXT_COMMUNITY) for number in range(20)]
    return elders, [
        organisations.organisation("康乐居家养老服务中心"),
        organisations.organisation("邻里帮社会服务中心"),
    ]


def add_orders(
    elders: list[Person], takers: list[Organisation], count: int, *, state: str = OrderState.SENT
) -> list[int]:
    """Add orders, each offered to all takers, and return their ids."""
    now, item, ids = timezone.now(), catalogue.item(), []
    for start in range(0, count, BATCH):
        chosen = [elders[number % len(elders)] for number in range(start, min(start + BATCH, count))]
        needs = Need.objects.bulk_create(
            Need(
                person=person, area_code=person.area_code, channel=Channel.DOOR_KNOCK, words="需要帮忙", recorded_at=now, recorded_by=1,
                state=NeedState.IN_SERVICE, item=item, urgency=Urgency.WEEK, responsible_party=item.responsible_party, triaged_at=now,
            )
            for person in chosen
        )  # fmt: skip
        orders = Order.objects.bulk_create(
            Order(
                need=need, person=need.person, item=item, area_code=need.area_code, state=state, visits_ordered=1,
                starts_on=now.date(), window_start=540, window_end=600, minutes=item.minutes, price_fen=item.price_fen,
                placed_at=now, leg_due_at=now + timedelta(hours=2),
            )
            for need in needs
        )  # fmt: skip
        Offer.objects.bulk_create(
            Offer(order=order, organisation=taker, round=1, sent_at=now, due_at=now + timedelta(hours=2))
            for order in orders
            for taker in takers
        )
        ids += [order.pk for order in orders]
    return ids


def signed_in(role_code: str, *, area_code: str = "", organisation: Organisation | None = None) -> str:
    """Open an account with this role and return the key of a session in which it is signed in."""
    user = User.objects.create(username=f"bench{User.objects.count()}", name="测试")
    user.set_unusable_password()
    user.save()
    Grant.objects.create(
        user=user, role_code=role_code, area_code=area_code, organisation_id=organisation.pk if organisation else None,
        valid_from=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key


def shares(ids: list[int], clients: int) -> list[list[int]]:
    """Deal the ids out to the clients."""
    return [list(islice(ids, number, None, clients)) for number in range(clients)]


def grow_orders(size: int, takers: list[Organisation]) -> None:
    """Copy orders until there are so many, every fifth of them accepted, every fifth fulfilled, spread over the takers."""
    columns = [f.column for f in Order._meta.concrete_fields if not f.primary_key and not f.generated]
    names = ", ".join(columns)
    while (have := Order.objects.count()) < size:
        values = {
            "state": "CASE id % 5 WHEN 0 THEN 'accepted' WHEN 1 THEN 'fulfilled' ELSE 'sent' END",
            "organisation_id": f"CASE WHEN id % 5 < 2 THEN {takers[0].pk} + id % 7 / 4 * {takers[1].pk - takers[0].pk} END",
            "accepted_at": "CASE WHEN id % 5 < 2 THEN placed_at END",
        }
        chosen = ", ".join(values.get(column, column) for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO orders_order ({names}) SELECT {chosen} FROM orders_order LIMIT {size - have}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
