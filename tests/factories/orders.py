"""Orders in every state of their life, through the services that lead there."""

from datetime import date, datetime, timedelta

from tests.factories.cast import actor_of
from tests.factories.catalogue import CLEANING, item
from tests.factories.places import NOON, TODAY
from wushe.chain.needs.models import Channel, Need, NeedState, Urgency
from wushe.chain.orders import services
from wushe.chain.orders.models import Offer, Order
from wushe.chain.resources.models import Linkage, Society
from wushe.foundation.actor import Actor
from wushe.registers.catalogue.models import Item
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person


def linked_need(person: Person, *, code: str = CLEANING, urgency: str = Urgency.WEEK, of: Item | None = None) -> Need:
    """Return a need that has been triaged and linked."""
    chosen = of or item(code)
    need = Need.objects.create(
        person=person, area_code=person.area_code, channel=Channel.DOOR_KNOCK, words="需要帮忙", recorded_at=NOON,
        recorded_by=1, state=NeedState.LINKED, item=chosen, urgency=urgency,
        responsible_party=chosen.responsible_party, triaged_at=NOON,
    )  # fmt: skip
    Linkage.objects.create(need=need, area_code=need.area_code, society=Society.COMMUNITY, linked_at=NOON, linked_by=1)
    return need


def placed(
    person: Person,
    *,
    code: str = CLEANING,
    of: Item | None = None,
    visits: int = 1,
    starts_on: date = TODAY,
    window: tuple[int, int] = (540, 600),
    weekdays: str = "",
    urgency: str = Urgency.WEEK,
    at: datetime = NOON,
) -> Order:
    """Return an order in the pool."""
    return services.place_order(
        actor=actor_of("dispatcher"), at=at, need_id=linked_need(person, code=code, urgency=urgency, of=of).pk,
        visits_ordered=visits, starts_on=starts_on, window_start=window[0], window_end=window[1], weekdays=weekdays,
    )  # fmt: skip


def sent(person: Person, *organisations: Organisation, at: datetime = NOON, **fields: object) -> Order:
    """Return an order sent to these organisations."""
    order = placed(person, at=at, **fields)  # type: ignore[arg-type]
    return services.send_order(
        actor=actor_of("dispatcher"), at=at, order_id=order.pk, organisation_ids=[one.pk for one in organisations]
    )


def accepted(person: Person, organisation: Organisation, *, at: datetime = NOON, **fields: object) -> Order:
    """Return an order that the organisation has accepted."""
    order = sent(person, organisation, at=at, **fields)
    return services.accept_order(
        actor=manager_of(organisation), at=at + timedelta(minutes=5), order_id=order.pk, organisation_id=organisation.pk
    )


def manager_of(organisation: Organisation) -> Actor:
    """Return an actor who runs this organisation."""
    return Actor(
        user_id=900_000 + organisation.pk, name="机构负责人", role_code="organisation_manager",
        organisation_id=organisation.pk,
    )  # fmt: skip


def answers(order: Order) -> dict[str, str]:
    """Return what became of each organisation's last offer."""
    rows = Offer.objects.filter(order=order).order_by("round").select_related("organisation")
    return {row.organisation.name: row.answer for row in rows}
