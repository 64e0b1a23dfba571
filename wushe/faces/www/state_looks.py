"""How a state looks: one tone and one icon per state, so that a word means the same colour on every page.

The tones: done (finished well), going (under way), wait (somebody must act), stop (refused, failed, urgent),
check (under review), rest (not begun, or put away). The word itself always comes from the state's own label.
"""

from typing import NamedTuple


class Look(NamedTuple):
    """Tone and icon of a state."""

    tone: str
    icon: str


UNKNOWN = Look("rest", "circle-dot")

LOOKS: dict[str, Look] = {
    # volunteering
    "activity.draft": Look("rest", "pencil"),
    "activity.open": Look("going", "speakerphone"),
    "taken": Look("done", "calendar-check"),
    "sign_up.queued": Look("wait", "hourglass"),
    "served": Look("done", "user-check"),
    "absent": Look("stop", "user-x"),
    "withdrawn": Look("rest", "x"),
    "held": Look("check", "zoom-check"),
    "counted": Look("done", "circle-check"),
    "struck": Look("rest", "ban"),
    # rounds of import
    "uploaded": Look("going", "hourglass"),
    "previewed": Look("wait", "list-check"),
    "committing": Look("going", "player-play"),
    "committed": Look("done", "circle-check"),
    "discarded": Look("rest", "trash"),
    "returning": Look("going", "arrow-back-up"),
    "returned": Look("rest", "arrow-back-up"),
    # door-knock
    "form_version.published": Look("done", "circle-check"),
    "replaced": Look("rest", "history"),
    "waiting": Look("wait", "door"),
    "again": Look("check", "refresh"),
    "reached": Look("done", "home-check"),
    "not_reached": Look("rest", "info-circle"),
    "agreed": Look("going", "pencil"),
    "dropped": Look("rest", "ban"),
    "done": Look("done", "circle-check"),
    # needs
    "recorded": Look("wait", "inbox"),
    "triaged": Look("going", "list-check"),
    "linked": Look("going", "link"),
    "planned": Look("going", "calendar-check"),
    "funded": Look("going", "coins"),
    "in_service": Look("going", "heart-handshake"),
    "referred": Look("check", "arrow-forward-up"),
    "met": Look("done", "circle-check"),
    "closed": Look("rest", "lock"),
    # orders
    "placed": Look("wait", "hand-finger"),
    "pooled": Look("wait", "inbox"),
    "sent": Look("wait", "send"),
    "accepted": Look("going", "user-check"),
    "refused": Look("stop", "hand-stop"),
    "expired": Look("stop", "hourglass"),
    "fulfilled": Look("done", "checks"),
    "cancelled": Look("rest", "ban"),
    # charity money
    "drafted": Look("wait", "key"),
    "frozen": Look("stop", "lock"),
    "closing": Look("wait", "hourglass"),
    "received": Look("going", "coins"),
    "refund_asked": Look("wait", "arrow-back-up"),
    "refunded": Look("rest", "arrow-back-up"),
    "at_community": Look("wait", "gavel"),
    "at_street": Look("wait", "gavel"),
    "at_district": Look("wait", "gavel"),
    "expense.approved": Look("going", "check"),
    "paid": Look("going", "cash"),
    "receipted": Look("done", "circle-check"),
    "fund.open": Look("done", "circle-check"),
    # tranches of project money, their reports, rectification
    "tranche.planned": Look("rest", "calendar-time"),
    "released": Look("wait", "cash"),
    "tranche.paid": Look("done", "cash"),
    "stopped": Look("stop", "ban"),
    "recovered": Look("stop", "arrow-back-up"),
    "awaited": Look("wait", "hourglass"),
    "filed": Look("check", "zoom-check"),
    "report.returned": Look("wait", "arrow-back-up"),
    "report.accepted": Look("done", "circle-check"),
    "report.failed": Look("stop", "circle-x"),
    "rectification.open": Look("stop", "alert-triangle"),
    "rectification.answered": Look("check", "zoom-check"),
    "rectification.closed": Look("done", "circle-check"),
    # goods
    "stocked": Look("done", "circle-check"),
    "goods_batch.waiting": Look("wait", "clipboard-check"),
    "recalled": Look("stop", "alert-triangle"),
    "fresh": Look("rest", "calendar"),
    "never": Look("rest", "circle-dashed"),
    "expires_soon": Look("wait", "hourglass"),
    "promised": Look("wait", "gift"),
    "handed": Look("done", "circle-check"),
    "lent": Look("going", "clock"),
    "goods_handout.returned": Look("done", "arrow-back-up"),
    "goods_count.counted": Look("wait", "checks"),
    "booked": Look("done", "circle-check"),
    "goods_write_off.asked": Look("wait", "hourglass"),
    "to_tell": Look("wait", "phone"),
    "told": Look("going", "phone"),
    "back": Look("done", "circle-check"),
    "used_up": Look("rest", "package"),
    "unreached": Look("stop", "user-x"),
    # plans and visits
    "draft": Look("rest", "pencil"),
    "proposed": Look("check", "route"),
    "confirmed": Look("going", "calendar-check"),
    "superseded": Look("rest", "history"),
    "scheduled": Look("rest", "calendar-time"),
    "assigned": Look("going", "user-check"),
    "on_the_way": Look("going", "walk"),
    "started": Look("going", "player-play"),
    "ended": Look("check", "player-stop"),
    "missed": Look("stop", "alert-triangle"),
    # verification, money, hours
    "submitted": Look("check", "send"),
    "under_review": Look("check", "zoom-check"),
    "verified": Look("done", "shield-check"),
    "visit.accepted": Look("done", "shield-check"),
    "rejected": Look("stop", "circle-x"),
    "approved": Look("done", "circle-check"),
    "settled": Look("done", "receipt"),
    "reversed": Look("stop", "arrow-back-up"),
    # records that may be one person
    "duplicate.asked": Look("check", "message-circle"),
    "duplicate.merged": Look("done", "users-group"),
    "duplicate.apart": Look("rest", "users"),
    "duplicate.lapsed": Look("rest", "history"),
    # hotline orders
    "hotline.received": Look("wait", "inbox"),
    "hotline.assigned": Look("going", "send"),
    "hotline.disputed": Look("check", "hand-stop"),
    "hotline.paused": Look("rest", "player-pause"),
    "hotline.answered": Look("check", "phone"),
    "hotline.closed": Look("done", "circle-check"),
    "hotline.told": Look("rest", "copy"),
    "hotline.redirected": Look("rest", "arrow-forward-up"),
    # double check-in
    "check_in.asked": Look("wait", "hourglass"),
    "check_in.standing": Look("done", "user-check"),
    "check_in.declined": Look("rest", "ban"),
    "check_in.ended": Look("rest", "logout"),
    # scouts' leads
    "lead.sent": Look("wait", "message"),
    "lead.raised": Look("done", "inbox"),
    "lead.joined": Look("done", "link"),
    "lead.closed": Look("rest", "ban"),
    # wishes
    "wish.collected": Look("wait", "phone"),
    "wish.published": Look("wait", "gift"),
    "wish.claimed": Look("going", "heart-handshake"),
    "wish.realised": Look("check", "home-check"),
    "wish.confirmed": Look("done", "circle-check"),
    "wish.withdrawn": Look("rest", "ban"),
    "claim.open": Look("going", "heart-handshake"),
    "claim.kept": Look("done", "circle-check"),
    "claim.expired": Look("rest", "clock"),
    "claim.dropped": Look("rest", "arrow-back-up"),
    # leave to read a child's file
    "leave.asked": Look("wait", "clock"),
    "leave.granted": Look("done", "circle-check"),
    "leave.refused": Look("stop", "ban"),
    "leave.ended": Look("rest", "lock"),
    # visits that come due
    "search.door": Look("stop", "door"),
    "search.family": Look("stop", "phone"),
    "search.police": Look("stop", "alert-triangle"),
    "search.found": Look("done", "circle-check"),
    # projects, editions, jobs, accounts
    "published": Look("done", "broadcast"),
    "active": Look("going", "player-play"),
    "open": Look("wait", "circle-dot"),
    "completed": Look("done", "checks"),
    "suspended": Look("stop", "player-pause"),
    "retired": Look("rest", "lock"),
    "queued": Look("rest", "hourglass"),
    "running": Look("going", "loader-2"),
    "succeeded": Look("done", "circle-check"),
    "failed": Look("stop", "alert-circle"),
    # urgency
    "routine": Look("rest", "circle-dashed"),
    "normal": Look("rest", "circle-dashed"),
    "soon": Look("wait", "clock"),
    "urgent": Look("stop", "urgent"),
    "emergency": Look("stop", "ambulance"),
}


def look_of(state: str, kind: str = "") -> Look:
    """Return the look of a state; `kind` ("order", "visit" …) decides where one word means two things."""
    return LOOKS.get(f"{kind}.{state}") or LOOKS.get(state) or UNKNOWN
