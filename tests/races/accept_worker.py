"""One process of the race: several takers, each an organisation, all after the same orders in the same order.

Arguments: the number of threads, the first organisation's index, the way to accept ("product" or "naive"), and the
moment to start (epoch seconds). Prints one JSON line: what each taker won, lost, and every error that is neither.
"""

import json
import os
import sys
import threading
import time
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.db import connection

from wushe.chain.orders.models import Order, OrderState
from wushe.chain.orders.services import OfferGone, accept_order
from wushe.foundation.actor import Actor
from wushe.registers.organisations.models import Organisation

AT = datetime.fromisoformat("2026-09-14T04:00:00+00:00")


def by_the_product(order_id: int, organisation_id: int) -> bool:
    """Accept as the product does; False if another was first."""
    actor = Actor(user_id=1, name="", role_code="organisation_manager", organisation_id=organisation_id)
    try:
        accept_order(actor=actor, at=AT, order_id=order_id, organisation_id=organisation_id)
    except OfferGone:
        return False
    return True


def by_looking_first(order_id: int, organisation_id: int) -> bool:
    """Accept as one must not: read, check, save."""
    order = Order.objects.get(pk=order_id)
    if order.state != OrderState.SENT:
        return False
    order.state, order.organisation_id, order.accepted_at = OrderState.ACCEPTED, organisation_id, AT
    order.save(update_fields=["state", "organisation", "accepted_at"])
    return True


WAYS = {"product": by_the_product, "naive": by_looking_first}


def main() -> None:
    """Run the takers of this process."""
    threads, first, way, start = int(sys.argv[1]), int(sys.argv[2]), WAYS[sys.argv[3]], float(sys.argv[4])
    orders = list(Order.objects.order_by("pk").values_list("pk", flat=True))
    takers = list(Organisation.objects.filter(name__startswith="抢单机构").order_by("pk").values_list("pk", flat=True))
    connection.close()
    won: dict[int, list[int]] = {}
    lost: dict[int, int] = {}
    errors: list[str] = []

    def take(organisation_id: int) -> None:
        won[organisation_id], lost[organisation_id] = [], 0
        time.sleep(max(0.0, start - time.time()))
        for order_id in orders:
            try:
                if way(order_id, organisation_id):
                    won[organisation_id].append(order_id)
                else:
                    lost[organisation_id] += 1
            except Exception as error:
                errors.append(f"{type(error).__name__}: {error}")
        connection.close()

    running = [threading.Thread(target=take, args=(pk,)) for pk in takers[first : first + threads]]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    print(json.dumps({"won": won, "lost": lost, "errors": errors}))


main()
