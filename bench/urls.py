"""The product's addresses, and one that accepts an order and answers with nothing else: the call without a page."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from wushe.chain.orders.services import accept_order
from wushe.faces.www.access import allow


@allow("orders:accept")
def accept(request: HttpRequest, order_id: int) -> HttpResponse:
    """Accept for the actor's organisation and send the browser back to its list."""
    actor = request.actor  # type: ignore[attr-defined]
    accept_order(actor=actor, at=timezone.now(), order_id=order_id, organisation_id=actor.organisation_id)
    return HttpResponse(status=302, headers={"Location": "/", "Content-Length": "0"})


urlpatterns = [path("bench/accept/<int:order_id>/", accept), path("", include("config.urls"))]
