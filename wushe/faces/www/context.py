"""What every page's shell shows: who is signed in, in which role, and which stages of the chain are open to it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of the shell."""
    return {
        "actor": getattr(request, "actor", None),
        "care_mode": request.COOKIES.get("care") == "on",
        "demonstration": settings.DEMONSTRATION,
    }
