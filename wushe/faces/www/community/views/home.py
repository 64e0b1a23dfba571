"""My day: what waits, the overdue first, and what to do next about each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.chain.needs.models import NeedState
from wushe.chain.needs.selectors import most_pressing, need_counts, queue_rows, time_for_triage
from wushe.chain.orders.selectors import pool
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.next_steps import next_step
from wushe.foundation.counting import show_count

MOST_ORDERS = 6
TILES = [
    ("overdue", "已超时限", "urgent", "stop", "先办这些"),
    (NeedState.RECORDED, "待研判", "inbox", "wait", "定服务、定急缓"),
    (NeedState.TRIAGED, "待链接", "list-check", "going", "定由谁做、用哪笔钱"),
    (NeedState.LINKED, "待下单", "link", "going", "定次数和时间"),
    (NeedState.IN_SERVICE, "服务中", "heart-handshake", "going", "等上门和核验"),
]


@require_GET
@desk("needs:view")
def home(request: PageRequest) -> HttpResponse:
    """Show what waits for this desk."""
    actor, at = request.actor, timezone.now()
    allowed = time_for_triage(actor=actor, at=at)
    counts = need_counts(actor=actor, at=at, allowed=allowed)
    rows = queue_rows(needs=most_pressing(actor=actor, at=at), actor=actor, at=at, allowed=allowed)
    figures = {**counts.states, "overdue": counts.overdue}
    queue = reverse("community:needs")
    tiles = [
        {
            "label": label,
            "count": show_count(figures[code]),
            "icon": icon,
            "note": note,
            "tone": tone if figures[code] else "rest",
            "address": f"{queue}?overdue=1" if code == "overdue" else f"{queue}?state={code}",
        }
        for code, label, icon, tone, note in TILES
    ]
    hour = timezone.localtime(at).hour
    greeting = "早上好" if hour < 11 else "中午好" if hour < 14 else "下午好" if hour < 18 else "晚上好"
    context = {
        "tiles": tiles,
        "rows": [(row, next_step(row.need, actor)) for row in rows],
        "greeting": greeting,
        "nav_counts": {"needs": counts.waiting},
        "waiting": counts.waiting,
        "pool": pool(actor=actor)[:MOST_ORDERS] if actor.may("orders:send") else [],
        "at": at,
        "may_record": actor.may("needs:record"),
        "may_edit_people": actor.may("people:edit"),
        "may_see_people": actor.may("registers:view"),
    }
    return render(request, "www/community/home.html", context)
