"""What volunteers think of a shift, and organisers of a volunteer: the group of evaluations of Order 67."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain

from .models import SignUp
from .states import SignUpState


@domain_call("volunteering:join")
def rate_shift(*, actor: Actor, at: datetime, sign_up_id: int, score: int, comment: str = "") -> SignUp:
    """Keep a volunteer's satisfaction with a shift they served, once. Raises NotFound, Conflict, Invalid."""
    row = obtain(SignUp.objects.select_related("shift"), actor, pk=sign_up_id)
    if row.state != SignUpState.SERVED:
        raise Conflict("到岗服务以后才能评价。")
    if not 1 <= score <= 5 or len(comment) > 200:
        raise Invalid(fields={"score": "请选择满意程度。"})
    if not SignUp.objects.filter(pk=row.pk, score=None).update(score=score, comment=comment.strip()):
        raise Conflict("这一班已经评价过。")
    record(kind="sign_up.rate", subject=row.shift, actor=actor, at=at, data={"score": score})
    row.refresh_from_db()
    return row


@domain_call("volunteering:organise")
def praise_volunteer(*, actor: Actor, at: datetime, sign_up_id: int, praise: int) -> SignUp:
    """Keep the organiser's evaluation of a volunteer's service in a shift. Raises NotFound, Conflict, Invalid."""
    row = obtain(SignUp.objects.select_related("shift"), actor, pk=sign_up_id)
    if row.state != SignUpState.SERVED:
        raise Conflict("到岗服务以后才能评价。")
    if not 1 <= praise <= 5:
        raise Invalid(fields={"praise": "请选择评价。"})
    SignUp.objects.filter(pk=row.pk).update(praise=praise)
    record(kind="sign_up.praise", subject=row.shift, actor=actor, at=at, data={"volunteer": row.volunteer_id})
    row.refresh_from_db()
    return row
