"""Name one resident by a text: an ID number, a telephone, or a name that nobody else in the area has."""

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid
from wushe.lines.charity.selectors import residents_named
from wushe.registers.people.models import Person


def the_one(actor: Actor, text: str, *, field: str) -> Person:
    """Return the one resident of the actor's area that the text names; raise Invalid beside the field."""
    found = residents_named(actor=actor, text=text)
    if not found:
        raise Invalid(fields={field: "没有找到这位居民，请核对，或先到居民登记册登记。"})
    if len(found) > 1:
        raise Invalid(fields={field: "有几位居民都符合，请改用身份证号或完整手机号。"})
    return found[0]
