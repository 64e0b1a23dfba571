"""What became of the visits of a past day: signed in and out, proved, rated, checked, called back."""

import uuid
from datetime import date, datetime, timedelta
from hashlib import sha256

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.verification.models import CallBack, CallBackState, CallReason, Check, CheckState, PickedFor
from wushe.chain.visits.models import Evidence, EvidenceKind, Rating, Visit, VisitState
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.services import Act

from .history import Cast, Story
from .source import World, read

PHOTOS = [EvidenceKind.ARRIVAL, EvidenceKind.SERVICE, EvidenceKind.FINISH]
UNDECIDED_DAYS = 1  # the visits of yesterday still wait for their check


def make_visits(
    world: World, cast: Cast, day: date, made: list[tuple[Story, Appointment]]
) -> tuple[list[tuple[Story, Visit]], list[Act]]:
    """Insert the visits of a day with all that follows from them; return them with the journal's acts."""
    kept = [(story, one) for story, one in made if one.state == AppointmentState.KEPT]
    pairs = [(story, _visit(world, one)) for story, one in kept]
    checks = [_check(world, cast, day, visit) for _, visit in pairs]
    Visit.objects.bulk_create([visit for _, visit in pairs], batch_size=400)
    Check.objects.bulk_create(checks, batch_size=400)
    _evidence(world, pairs)
    acts: list[Act] = []
    for _, visit in pairs:
        _journal_visit(world, visit, acts)
    for check in checks:
        _journal_check(cast, check, acts)
    _ratings(world, pairs, acts)
    _call_backs(world, cast, day, pairs, acts)
    return pairs, acts


def _visit(world: World, one: Appointment) -> Visit:
    odds = read("distributions")["irregularities_permille"]
    household = one.order.person.household
    assert household is not None and household.longitude is not None and household.latitude is not None
    assert one.planned_start is not None
    late = world.dice.randint(16, 58) if world.chance(odds["visit_late_over_15"]) else world.dice.randint(-8, 9)
    started = world.moment(one.day, one.planned_start + late) + timedelta(seconds=world.dice.randint(0, 59))
    if world.chance(odds["duration_below_80"]):
        minutes = max(1, int(one.minutes * world.dice.uniform(0.45, 0.79)))
    elif world.chance(odds["duration_exact_minimum"]):
        minutes = one.minutes
    else:
        minutes = one.minutes + world.dice.randint(-max(1, one.minutes // 12), max(3, one.minutes // 6))
    ended = started + timedelta(minutes=minutes, seconds=world.dice.randint(0, 50))
    outside = world.chance(odds["sign_in_outside_fence"])
    distance = world.dice.randint(240, 1900) if outside else world.dice.randint(3, 120)
    poor = world.chance(odds["sign_in_poor_accuracy"])
    delay = (
        timedelta(minutes=world.dice.randint(40, 600)) if world.chance(odds["offline_upload"]) else timedelta(seconds=4)
    )
    shift = distance / 111_320
    note = world.dice.choice(["一切正常", "老人精神不错", "血压平稳", "已提醒按时吃药", "家里整理干净了", "", "", ""])
    return Visit(
        area_code=one.area_code, appointment=one, worker=one.worker, state=VisitState.ENDED,
        started_at=started, start_received_at=started + delay, start_longitude=round(household.longitude, 5),
        start_latitude=round(household.latitude + shift, 5), start_accuracy=world.dice.randint(110, 400) if poor else
        world.dice.randint(5, 60), start_distance=distance, ended_at=ended, end_received_at=ended + delay,
        end_longitude=round(household.longitude, 5), end_latitude=round(household.latitude, 5),
        end_accuracy=world.dice.randint(5, 60), minutes=minutes, note=note,
    )  # fmt: skip


def _evidence(world: World, pairs: list[tuple[Story, Visit]]) -> None:
    """Say which photos were taken. The demonstration ships none of them, and a page says so where one would be."""
    missing = read("distributions")["irregularities_permille"]["photo_missing"]
    rows = []
    for story, visit in pairs:
        for place, kind in enumerate(PHOTOS[: story.order.item.photos]):
            if world.chance(missing):
                continue
            taken = visit.started_at + timedelta(minutes=(visit.minutes or 0) * place / 2)
            mark = f"{visit.pk}:{kind}".encode()
            rows.append(
                Evidence(
                    visit=visit,
                    client_id=uuid.UUID(bytes=world.dice.randbytes(16), version=4),
                    kind=kind,
                    digest=sha256(mark).hexdigest(),
                    size=0,
                    taken_at=taken,
                    received_at=visit.end_received_at or taken,
                )
            )
    Evidence.objects.bulk_create(rows, batch_size=400)


def _journal_visit(world: World, visit: Visit, acts: list[Act]) -> None:
    who = world.performers[visit.worker_id]
    assert visit.end_received_at is not None
    data = {"appointment": visit.appointment_id}
    acts += [
        Act("visit.start", "visit", visit.pk, visit.area_code, who, visit.start_received_at, {"to": "started", **data}),
        Act("visit.end", "visit", visit.pk, visit.area_code, who, visit.end_received_at,
            {"from": "started", "to": "ended", "minutes": visit.minutes}),
        Act("appointment.keep", "appointment", visit.appointment_id, visit.area_code, who, visit.end_received_at,
            {"from": "confirmed", "to": "kept"}),
    ]  # fmt: skip


def _ratings(world: World, pairs: list[tuple[Story, Visit]], acts: list[Act]) -> None:
    given = read("distributions")["irregularities_permille"]["rating_given"] / 2
    rows = []
    for _, visit in pairs:
        if visit.ended_at is None or not world.chance(given):
            continue
        at = min(visit.ended_at + timedelta(hours=world.dice.randint(1, 20)), world.now)
        score = world.pick(read("distributions")["ratings"])["stars"]
        comments = [r["text"] for r in read("remarks")["callback_comments"] if r.get("stars", r.get("star")) == score]
        comment = world.dice.choice(comments) if comments and world.chance(300) else ""
        rows.append(Rating(visit=visit, score=score, comment=comment, rated_at=at, rated_by=0))
        acts.append(Act("visit.rate", "visit", visit.pk, visit.area_code, SYSTEM, at, {"score": score}))
    Rating.objects.bulk_create(rows, batch_size=400)


def _check(world: World, cast: Cast, day: date, visit: Visit) -> Check:
    """Return the check of a visit, and set the visit's state by it: older ones are decided, the last day's wait."""
    findings = _findings(visit)
    score = sum(int(str(f["weight"])) for f in findings)
    sampled = world.chance(30)
    assert visit.end_received_at is not None
    check = Check(
        area_code=visit.area_code, visit=visit, findings=findings, score=score, random_sample=sampled,
        picked_for=PickedFor.SCORE if score > 20 else PickedFor.RANDOM if sampled else "", opened_at=visit.end_received_at,
    )  # fmt: skip
    if (world.today - day).days > UNDECIDED_DAYS:
        _decide(world, cast, visit, check)
    return check


def _findings(visit: Visit) -> list[dict[str, object]]:
    findings: list[dict[str, object]] = []
    if (visit.start_distance or 0) > 200:
        findings.append({"rule": "F3", "weight": 20, "says": f"签到地点距住处{visit.start_distance}米，超出200米"})
    ordered = visit.appointment.minutes
    if (visit.minutes or 0) * 100 < ordered * 80:
        findings.append({"rule": "short", "weight": 30, "says": f"约定{ordered}分钟，实际{visit.minutes}分钟"})
    return findings


def _decide(world: World, cast: Cast, visit: Visit, check: Check) -> None:
    assert visit.ended_at is not None
    at = min(visit.ended_at + timedelta(hours=world.dice.randint(14, 30)), world.now - timedelta(minutes=30))
    grave = check.score >= 50 or (check.score >= 30 and world.chance(350))
    check.decided_at, check.decided_by = at, cast.verifier.user_id if check.picked_for else SYSTEM.user_id
    if grave:
        check.state, check.reason, visit.state = (
            CheckState.REJECTED,
            "服务时间明显不足，照片无法证明",
            VisitState.REJECTED,
        )
    else:
        check.state, visit.state = CheckState.ACCEPTED, VisitState.ACCEPTED
        check.reason = "已核实，说明合理" if check.picked_for else "无疑点，过异议期自动通过"


def _journal_check(cast: Cast, check: Check, acts: list[Act]) -> None:
    area = check.area_code
    data = {"to": "waiting", "visit": check.visit_id, "score": check.score, "picked_for": check.picked_for}
    acts.append(Act("check.open", "check", check.pk, area, SYSTEM, check.opened_at, data))
    if check.decided_at is None:
        return
    event = "accept" if check.state == CheckState.ACCEPTED else "reject"
    who = cast.verifier if check.picked_for else SYSTEM
    moved = {"from": "waiting", "to": check.state, "visit": check.visit_id}
    acts.append(Act(f"check.{event}", "check", check.pk, area, who, check.decided_at, moved))
    acts.append(
        Act(
            f"visit.{event}",
            "visit",
            check.visit_id,
            area,
            who,
            check.decided_at,
            {"from": "ended", "to": check.visit.state},
        )
    )


def _call_backs(world: World, cast: Cast, day: date, pairs: list[tuple[Story, Visit]], acts: list[Act]) -> None:
    odds = read("distributions")["irregularities_permille"]
    remarks = read("remarks")["callback_comments"]
    rows = []
    for _, visit in pairs:
        if not world.chance(120) or visit.appointment.seat != 1:
            continue
        assert visit.ended_at is not None
        due = visit.ended_at + timedelta(days=3)
        call = CallBack(area_code=visit.area_code, visit=visit, picked_for=CallReason.SAMPLE, due_at=due)
        called = visit.ended_at + timedelta(hours=world.dice.randint(18, 60))
        if called < world.now:
            _answer(world, cast, call, called, odds, remarks)
        rows.append(call)
    CallBack.objects.bulk_create(rows, batch_size=400)
    for call in rows:
        acts.append(
            Act("call_back.draw", "callback", call.pk, call.area_code, SYSTEM, call.due_at - timedelta(days=3), {})
        )
        if call.called_at:
            event = "answer" if call.state == CallBackState.ANSWERED else "give_up"
            acts.append(
                Act(
                    f"call_back.{event}",
                    "callback",
                    call.pk,
                    call.area_code,
                    cast.verifier,
                    call.called_at,
                    {"from": "due", "to": call.state, "came": call.came, "satisfied": call.satisfied},
                )
            )


def _answer(
    world: World, cast: Cast, call: CallBack, at: datetime, odds: dict[str, int], remarks: list[dict[str, object]]
) -> None:
    reached = not world.chance(odds["callback_unreached"])
    call.state = CallBackState.ANSWERED if reached else CallBackState.UNREACHED
    call.tries, call.called_at, call.called_by = 1 if reached else 3, at, cast.verifier.user_id
    if reached:
        call.came = True
        call.satisfied = not world.chance(odds["callback_dissatisfied"])
        call.comment = str(world.dice.choice(remarks)["text"]) if world.chance(500) else ""
