"""What the pages of the registers ask of the address they stand at."""

from django import template
from django.template.context import RequestContext

register = template.Library()


@register.simple_tag(takes_context=True)
def toggled(context: RequestContext, name: str) -> str:
    """Return the address with a switch turned the other way: {% toggled "wide" %}."""
    query = context["request"].GET.copy()
    if query.get(name) == "1":
        del query[name]
    else:
        query[name] = "1"
    return f"?{query.urlencode()}"
