"""The resident's page: ask for help in three taps, see who comes, say how it was."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.chain.needs.models import Channel
from wushe.chain.needs.selectors import own_needs
from wushe.chain.needs.services import record_need
from wushe.chain.visits.received import coming_to, received_by, received_visit, unrated_by
from wushe.chain.visits.services import rate_visit
from wushe.chain.visits.taking_back import Way, how_to_take_back, take_back
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, posted, whole
from wushe.foundation.errors import NotFound
from wushe.oversight.selectors.timeline import need_timeline
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import own_people, own_person

from .choices import KINDS, kind_of, when_of, whens
from .forms import CancelForm, ConfirmForm, RatingForm
from .plain import now_words, plain_steps

AHEAD, RATE_WITHIN = timedelta(days=14), timedelta(days=30)
FACES = [
    (5, "很满意", "mood-smile"), (4, "满意", "thumb-up"), (3, "一般", "mood-empty"), (2, "不满意", "thumb-down"),
    (1, "很不满意", "mood-sad"),
]  # fmt: skip


@require_GET
@allow("needs:record_own")
def home(request: PageRequest) -> HttpResponse:
    """Show three large choices, and who comes next."""
    actor, today = request.actor, timezone.localdate()
    coming = coming_to(actor=actor, first=today, last=today + AHEAD)
    context = {
        "today": today,
        "coming": coming[:2],
        "unrated": unrated_by(actor=actor, since=today - RATE_WITHIN),
        "people": own_people(actor=actor),
        "tomorrow": today + timedelta(days=1),
    }
    return render(request, "www/resident/home.html", context)


@require_GET
@allow("needs:record_own")
def order(request: HttpRequest) -> HttpResponse:
    """First tap: which help."""
    people, person = _for_whom(request)
    context = {"kinds": KINDS, "people": people, "person": person}
    return render(request, "www/resident/order.html", context)


@require_GET
@allow("needs:record_own")
def order_when(request: HttpRequest, kind: str) -> HttpResponse:
    """Second tap: when."""
    _, person = _for_whom(request)
    chosen = _known(kind_of(kind))
    context = {"kind": chosen, "person": person, "whens": whens(timezone.localdate())}
    return render(request, "www/resident/order_when.html", context)


@require_http_methods(["GET", "POST"])
@allow("needs:record_own")
def order_confirm(request: PageRequest, kind: str, when: str) -> HttpResponse:
    """Third tap: yes, please."""
    actor, at = request.actor, timezone.now()
    _, person = _for_whom(request)
    chosen, time = _known(kind_of(kind)), _known(when_of(when, timezone.localdate()))
    form = ConfirmForm(posted(request))
    if chosen.code == "other":
        form.fields["more"].required = True
        form.fields["more"].label = "您需要什么"
        form.fields["more"].error_messages["required"] = "请写下您需要什么。"
    if request.method == "POST":
        made = carry_out(
            form,
            lambda clean: record_need(
                actor=actor, at=at, person_id=person.pk, channel=Channel.SELF_ORDER, wanted_on=time.day,
                wanted_from=time.start, wanted_until=time.until, client_key=clean["client_key"],
                words="。".join(part for part in (chosen.words, clean["more"].strip()) if part),
            ),
        )  # fmt: skip
        if made:
            messages.success(request, "收到了！社区会尽快安排，安排好会显示在这里。")
            return redirect("resident:need", made.pk)
    context = {"form": form, "kind": chosen, "when": time, "person": person}
    return render(request, "www/resident/order_confirm.html", context, status=422 if form.errors else 200)


@require_GET
@allow("needs:record_own")
def mine(request: PageRequest) -> HttpResponse:
    """Show what one asked for, who comes, and what was done."""
    actor, today = request.actor, timezone.localdate()
    context = {
        "needs": [(need, now_words(need)) for need in own_needs(actor=actor, limit=20)],
        "coming": coming_to(actor=actor, first=today, last=today + AHEAD),
        "visits": received_by(actor=actor, limit=10),
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "holder_id": actor.holder_id,
    }
    return render(request, "www/resident/mine.html", context)


@require_GET
@allow("needs:record_own")
def need(request: PageRequest, need_id: int) -> HttpResponse:
    """Show how far one's need is."""
    actor = request.actor
    chain = need_timeline(actor=actor, need_id=need_id, at=timezone.now())
    context = {
        "need": chain.need,
        "now": now_words(chain.need, stage=chain.current),
        "steps": plain_steps(chain),
        "found": (found := how_to_take_back(need=chain.need)),
        "way": found.way.name,
    }
    return render(request, "www/resident/need.html", context)


@require_http_methods(["GET", "POST"])
@allow("needs:record_own")
def cancel(request: PageRequest, need_id: int) -> HttpResponse:
    """Take back one's need; the page says beforehand what will happen."""
    actor, at = request.actor, timezone.now()
    need = need_timeline(actor=actor, need_id=need_id, at=at).need
    found = how_to_take_back(need=need)
    form = CancelForm(posted(request), asks=found.way is Way.BY_ASKING)
    if request.method == "POST":
        done = carry_out(form, lambda clean: take_back(actor=actor, at=at, need_id=need_id, reason=clean["reason"]))
        if done:
            messages.success(request, _SAID[done.way])
            return redirect("resident:need", need_id)
    context = {"need": need, "form": form, "found": found, "way": found.way.name}
    return render(request, "www/resident/cancel.html", context, status=422 if form.errors else 200)


_SAID = {
    Way.AT_ONCE: "已经取消了。以后需要再来点。",
    Way.BY_ASKING: "收到了。调度中心会尽快处理，结果显示在这里；没有显示“已取消”以前，服务人员还会来。",
    Way.ASKED: "您已经说过不要了，调度中心正在处理。",
}


@require_GET
@allow("visits:rate")
def ratings(request: PageRequest) -> HttpResponse:
    """Show the visits that wait for one's opinion."""
    since = timezone.localdate() - RATE_WITHIN
    context = {"visits": unrated_by(actor=request.actor, since=since, limit=20)}
    return render(request, "www/resident/ratings.html", context)


@require_http_methods(["GET", "POST"])
@allow("visits:rate")
def rate(request: PageRequest, visit_id: int) -> HttpResponse:
    """Say how a visit was."""
    actor = request.actor
    visit = _known(received_visit(actor=actor, visit_id=visit_id))
    form = RatingForm(posted(request))
    if (
        request.method == "POST"
        and carry_out(form, lambda clean: rate_visit(actor=actor, at=timezone.now(), visit_id=visit_id, **clean))
        is not None
    ):
        messages.success(request, "谢谢您的评价！")
        return redirect("resident:home")
    context = {"visit": visit, "form": form, "faces": FACES}
    return render(request, "www/resident/rate.html", context, status=422 if form.errors else 200)


def _for_whom(request: PageRequest) -> tuple[list[Person], Person]:
    """Return all for whom the resident may ask, and the one chosen by ?for=, oneself otherwise."""
    actor = request.actor
    people = own_people(actor=actor)
    chosen = whole(request.POST.get("for") or request.GET.get("for", ""))
    if chosen is not None:
        return people, own_person(actor=actor, person_id=chosen)
    if not people:
        raise NotFound
    return people, people[0]


def _known(thing: Any) -> Any:
    """Return the thing; raise NotFound for an address that names none."""
    if thing is None:
        raise NotFound
    return thing
