"""The last four steps of a grid case: handled, reported, checked on the spot by somebody else and closed, evaluated."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.presets.selectors import preset
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain
from wushe.foundation.workdays.selectors import end_of
from wushe.foundation.workflow import MoveNotAllowed

from .collecting import COLLECT, DECIDE, limit
from .models import GridCase, SiteCheck
from .workflow import GRID_CASE

HANDLE = "grid:handle"
LONGEST = timedelta(days=180)


@domain_call(HANDLE)
def note_handling(*, actor: Actor, at: datetime, case_id: int, note: str) -> GridCase:
    """Write down what is being done; raises NotFound, Invalid, MoveNotAllowed."""
    case = obtain(GridCase, actor, pk=case_id)
    GRID_CASE.move(case, "handle", actor=actor, at=at, changes={"note": said(note, "note")})
    return case


@domain_call(HANDLE)
def hand_back(*, actor: Actor, at: datetime, case_id: int, note: str) -> GridCase:
    """Say that a case is not the unit's own, once: the street sends it out again, and that stands.

    Raises NotFound, Invalid, MoveNotAllowed.
    """
    case = obtain(GridCase, actor, pk=case_id)
    if not case.returnable:
        raise MoveNotAllowed("属地已经重派过一次，不能再退回。")
    changes = {
        "note": said(note, "note"), "returnable": False, "owner_name": case.collector_name, "handle_by": None,
        "due_at": limit("send", at, case.area_code), "unit": "", "handler_name": "", "sent_at": None,
    }  # fmt: skip
    GRID_CASE.move(case, "hand_back", actor=actor, at=at, changes=changes)
    return case


@domain_call(DECIDE)
def extend_case(*, actor: Actor, at: datetime, case_id: int, until: date, note: str) -> GridCase:
    """Give a case more time, before its limit and as often as policy allows; raises NotFound, Invalid, MoveNotAllowed."""
    case = obtain(GridCase, actor, pk=case_id)
    text, end = said(note, "note"), end_of(until)
    GRID_CASE.edge(case.state, "extend")
    if case.due_at and at > case.due_at:
        raise MoveNotAllowed("已经超过时限，不能再延期；办不了的写明原因挂账。")
    if case.extensions >= preset("needs.extension.limit", area_code=case.area_code, on=timezone.localdate(at)):
        raise MoveNotAllowed("延期次数已经用完；办不了的写明原因挂账。")
    if (case.due_at and end <= case.due_at) or end > at + LONGEST:
        raise Invalid(fields={"until": "延到的日子应晚于现在的时限，最长半年。"})
    changes = {"due_at": end, "handle_by": end, "extensions": case.extensions + 1, "note": text}
    GRID_CASE.move(case, "extend", actor=actor, at=at, changes=changes, data={"until": str(until)})
    return case


@domain_call(DECIDE)
def hang_case(*, actor: Actor, at: datetime, case_id: int, reason: str, review_on: date) -> GridCase:
    """Put a case that an extension did not solve on the list of open accounts, with the reason and a day to look again.

    Only this stops its clock. Raises NotFound, Invalid, MoveNotAllowed without an extension before.
    """
    case, today = obtain(GridCase, actor, pk=case_id), timezone.localdate(at)
    text = said(reason, "reason")
    GRID_CASE.edge(case.state, "hang")
    if not case.extensions:
        raise MoveNotAllowed("延期以后还办不了的才能挂账。")
    if not today < review_on <= today + LONGEST:
        raise Invalid(fields={"review_on": "复查日应在今天以后，最长半年。"})
    changes = {"hung_reason": text, "review_on": review_on, "due_at": None}
    GRID_CASE.move(case, "hang", actor=actor, at=at, changes=changes, data={"review_on": str(review_on)})
    return case


@domain_call(DECIDE)
def resume_case(*, actor: Actor, at: datetime, case_id: int) -> GridCase:
    """Take a hung case up again; the limit of its kind runs anew. Raises NotFound, MoveNotAllowed."""
    case = obtain(GridCase, actor, pk=case_id)
    due = limit(case.kind, at, case.area_code)
    changes = {"due_at": due, "handle_by": due, "review_on": None}
    GRID_CASE.move(case, "resume", actor=actor, at=at, changes=changes)
    return case


@domain_call(HANDLE)
def report_case(*, actor: Actor, at: datetime, case_id: int, result: str) -> GridCase:
    """Report what was done; the collector has the case now and looks at the place. Raises NotFound, Invalid, MoveNotAllowed."""
    case = obtain(GridCase, actor, pk=case_id)
    changes = {
        "result": said(result, "result", most=500), "reported_at": at, "reported_by": actor.user_id,
        "owner_name": case.collector_name, "due_at": limit("check", at, case.area_code),
    }  # fmt: skip
    GRID_CASE.move(case, "report", actor=actor, at=at, changes=changes)
    return case


@domain_call(COLLECT)
def check_case(
    *, actor: Actor, at: datetime, case_id: int, passed: bool, seen: str, checker_name: str = ""
) -> SiteCheck:  # fmt: skip
    """Write down a look at the place: closed, or back to the handler by the old limit, however late that is.

    Neither the account that reported nor the person who handled may check. Raises NotFound, Invalid, MoveNotAllowed.
    """
    case, name = obtain(GridCase, actor, pk=case_id), (checker_name.strip() or actor.name)[:40]
    text = said(seen, "seen")
    GRID_CASE.edge(case.state, "close")
    if actor.user_id == case.reported_by:
        raise MoveNotAllowed("反馈的人不能核查自己办的事，请换一个人到现场看。")
    if name == case.handler_name:
        raise Invalid(fields={"checker_name": "处理人不能核查自己办的事。"})
    back = {"owner_name": case.handler_name, "due_at": case.handle_by}
    changes = {"closed_at": at, "due_at": None} if passed else back
    GRID_CASE.move(case, "close" if passed else "fail", actor=actor, at=at, changes=changes)
    return SiteCheck.objects.create(
        case=case, checked_at=at, checked_by=actor.user_id, checker_name=name, passed=passed, seen=text
    )


@domain_call(DECIDE)
def evaluate_case(*, actor: Actor, at: datetime, case_id: int, grade: str, note: str = "") -> GridCase:
    """Grade the whole of a closed case; raises NotFound, Invalid, MoveNotAllowed."""
    case = obtain(GridCase, actor, pk=case_id)
    if grade not in ("good", "bad"):
        raise Invalid(fields={"grade": "请选择合格或不合格。"})
    GRID_CASE.move(case, "evaluate", actor=actor, at=at, changes={"grade": grade, "note": note.strip()[:300]})
    return case
