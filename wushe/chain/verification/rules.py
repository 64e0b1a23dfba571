"""The rules of suspicion (F1–F13 and what every visit owes): small pure functions from facts to a finding.

A finding is a reason to look, never a verdict. Thresholds and weights are presets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Place = tuple[float, float]
Thresholds = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspicion: the rule, its weight, and what was seen, in words."""

    rule: str
    weight: int
    says: str

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the check keeps it."""
        return {"rule": self.rule, "weight": self.weight, "says": self.says}


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody was at a place from one time to another."""

    start: datetime
    end: datetime
    start_place: Place | None = None
    end_place: Place | None = None
    slack: int = 0
    """How many metres the two positions may be off."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at, read beforehand; numbers that depend on history are counts."""

    stay: Stay
    day: date
    ordered_minutes: int
    actual_minutes: int
    minutes_early: int = 0
    minutes_late: int = 0
    distance: int | None = None
    accuracy: int | None = None
    clock_off: int = 0
    uploaded_after: int = 0
    other_stays: tuple[Stay, ...] = ()
    exact_visits: int = 0
    ended_visits: int = 0
    pictures_seen_before: int = 0
    camera_off: int = 0
    camera_distance: int | None = None
    died_on: date | None = None
    moved_out_on: date | None = None
    visits_beyond_order: int = 0
    other_providers_same_hour: int = 0
    quick_ratings: int = 0
    quick_raters: int = 0
    related: bool = False
    people_on_phone: int = 0
    ratings: int = 0
    ratings_below_full: int = 0
    ordered_afterwards: int = 0
    orders_counted: int = 0
    certificate_until: date | None = None
    skills_expired: tuple[str, ...] = ()
    evidence_missing: tuple[str, ...] = ()
    reported: str = ""
    """Why the organisation reported the visit instead of the worker's phone; "" where the phone did."""
    extra: Mapping[str, Any] = field(default_factory=dict)


Rule = Callable[[Facts, Thresholds], str]
Metres = Callable[[Place, Place], int]


def overlap(facts: Facts, rule: Thresholds) -> str:
    """F1: say how long two visits of one worker overlap."""
    worst = max((_shared_minutes(facts.stay, other) for other in facts.other_stays), default=0)
    return f"与同一服务人员的另一次服务重叠{worst}分钟" if worst >= rule["threshold"] else ""


def too_fast(facts: Facts, rule: Thresholds, metres: Metres) -> str:
    """F2: say how fast the way between two visits of one worker was, if faster than can be."""
    fastest = max((_speed(facts.stay, other, metres) for other in facts.other_stays), default=0.0)
    return f"与前后一次服务之间的速度约每小时{fastest:.0f}公里" if fastest > rule["threshold"] else ""


def far_from_home(facts: Facts, rule: Thresholds) -> str:
    """F3: signed in outside the fence, with a poor position, or without any."""
    if facts.distance is None:
        return "签到时没有定位"
    if facts.distance > facts.extra["radius"]:
        return f"签到位置距住处{facts.distance}米，超过{facts.extra['radius']}米"
    if facts.accuracy is not None and facts.accuracy > facts.extra["accuracy"]:
        return f"签到定位误差{facts.accuracy}米，超过{facts.extra['accuracy']}米"
    return ""


def always_the_minimum(facts: Facts, rule: Thresholds) -> str:
    """F4: the worker's visits last exactly the minimum, nearly always."""
    if facts.ended_visits < rule["min_count"]:
        return ""
    percent = facts.exact_visits * 100 / facts.ended_visits
    return f"该人员{facts.ended_visits}次服务中有{percent:.0f}%恰好等于约定分钟" if percent > rule["threshold"] else ""


def picture_seen(facts: Facts, rule: Thresholds) -> str:
    """F5: a picture was seen before, or what the camera wrote does not fit the time or the place."""
    if facts.pictures_seen_before >= rule["threshold"]:
        return f"有{facts.pictures_seen_before}张照片与以前的照片相同"
    if facts.camera_off > facts.extra["skew"]:
        return f"照片自带的拍摄时间与上传记录相差{facts.camera_off}分钟"
    if facts.camera_distance is not None and facts.camera_distance > facts.extra["radius"]:
        return f"照片自带的位置距住处{facts.camera_distance}米"
    return ""


def nobody_home(facts: Facts, rule: Thresholds) -> str:
    """F6: the person served had died or moved away by that day."""
    if facts.died_on and facts.died_on <= facts.day:
        return f"服务对象已于{facts.died_on}去世"
    if facts.moved_out_on and facts.moved_out_on <= facts.day:
        return f"服务对象已于{facts.moved_out_on}迁出"
    return ""


def beyond_plan(facts: Facts, rule: Thresholds) -> str:
    """F7: more visits than ordered, or several providers in the same hour."""
    if facts.visits_beyond_order >= rule["threshold"]:
        return f"比订单约定的次数多{facts.visits_beyond_order}次"
    if facts.other_providers_same_hour >= rule["threshold"]:
        return f"同一时间另有{facts.other_providers_same_hour}家机构为同一人服务"
    return ""


def confirmed_at_once(facts: Facts, rule: Thresholds) -> str:
    """F8: the same few people confirm within seconds, always."""
    if facts.quick_ratings >= rule["min_count"] and facts.quick_raters <= rule["people"]:
        return f"结束后几秒内就评价的有{facts.quick_ratings}次，都来自{facts.quick_raters}个账号"
    return ""


def relatives(facts: Facts, rule: Thresholds) -> str:
    """F9: the worker is a relative of the person served."""
    return "服务人员与服务对象是亲属" if facts.related else ""


def shared_phone(facts: Facts, rule: Thresholds) -> str:
    """F10: many people served share one telephone."""
    return f"{facts.people_on_phone}位服务对象登记了同一个电话" if facts.people_on_phone >= rule["threshold"] else ""


def too_good(facts: Facts, rule: Thresholds) -> str:
    """F11: full marks and not one complaint over many visits."""
    many = facts.ratings >= rule["threshold"] and facts.ratings_below_full == 0
    return f"{facts.ratings}次评价全部满分，没有一次意见" if many else ""


def ordered_after(facts: Facts, rule: Thresholds) -> str:
    """F12: too many orders were made after the service."""
    percent = facts.ordered_afterwards * 100 / facts.orders_counted if facts.orders_counted else 0
    return f"该机构{percent:.0f}%的服务是先服务后下单" if percent > rule["threshold"] else ""


def certificate_expired(facts: Facts, rule: Thresholds) -> str:
    """F13: a certificate had expired on the day of the visit."""
    if facts.certificate_until and facts.certificate_until < facts.day:
        return f"资格证书已于{facts.certificate_until}过期"
    return f"技能证书过期：{'、'.join(facts.skills_expired)}" if facts.skills_expired else ""


def outside_window(facts: Facts, rule: Thresholds) -> str:
    """Signed in earlier or later than the window around the planned time."""
    if facts.minutes_early > facts.extra["early"]:
        return f"比约定时间早{facts.minutes_early}分钟签到"
    return f"比约定时间晚{facts.minutes_late}分钟签到" if facts.minutes_late > facts.extra["late"] else ""


def clock_or_upload(facts: Facts, rule: Thresholds) -> str:
    """Say that the device's clock is wrong, or that the records came long after the visit."""
    if facts.clock_off > facts.extra["skew"]:
        return f"手机时间比系统时间快{facts.clock_off}分钟"
    return f"服务记录在{_ago(facts.uploaded_after)}后才上传" if facts.uploaded_after > facts.extra["upload"] else ""


def evidence_incomplete(facts: Facts, rule: Thresholds) -> str:
    """Name the evidence that the catalogue asks for and that is not there."""
    return f"缺少{'、'.join(facts.evidence_missing)}" if len(facts.evidence_missing) >= rule["threshold"] else ""


def too_short(facts: Facts, rule: Thresholds) -> str:
    """Compare a visit that lasted much less than ordered."""
    if facts.actual_minutes * 100 < facts.ordered_minutes * rule["threshold"]:
        return f"约定{facts.ordered_minutes}分钟，实际{facts.actual_minutes}分钟"
    return ""


def reported_afterwards(facts: Facts, rule: Thresholds) -> str:
    """Say that nobody signed in: the organisation reported the visit afterwards."""
    return f"没有签到，由机构补报：{facts.reported}" if facts.reported else ""


PURE: dict[str, Rule] = {
    "f1": overlap, "f3": far_from_home, "f4": always_the_minimum, "f5": picture_seen, "f6": nobody_home,
    "f7": beyond_plan, "f8": confirmed_at_once, "f9": relatives, "f10": shared_phone, "f11": too_good,
    "f12": ordered_after, "f13": certificate_expired, "window": outside_window, "clock": clock_or_upload,
    "photos": evidence_incomplete, "short": too_short, "reported": reported_afterwards,
}  # fmt: skip
CODES = [*PURE, "f2"]


def findings(facts: Facts, thresholds: Mapping[str, Thresholds], metres: Metres) -> list[Finding]:
    """Return what the rules find, the heaviest first."""
    found = [(code, rule(facts, thresholds[code])) for code, rule in PURE.items()]
    found.append(("f2", too_fast(facts, thresholds["f2"], metres)))
    kept = [Finding(code, int(thresholds[code]["weight"]), says) for code, says in found if says]
    return sorted(kept, key=lambda finding: (-finding.weight, finding.rule))


def _shared_minutes(one: Stay, other: Stay) -> int:
    return int((min(one.end, other.end) - max(one.start, other.start)).total_seconds() // 60)


def _speed(one: Stay, other: Stay, metres: Metres) -> float:
    """Return the kilometres per hour between two stays that do not overlap; 0 where it cannot be said."""
    earlier, later = sorted((one, other), key=lambda stay: stay.start)
    left, arrived = earlier.end_place or earlier.start_place, later.start_place
    seconds = (later.start - earlier.end).total_seconds()
    if left is None or arrived is None or seconds < 0:
        return 0.0
    way = max(0, metres(left, arrived) - earlier.slack - later.slack)
    return way / max(seconds, 60) * 3.6


def _ago(minutes: int) -> str:
    return f"{minutes // 1440}天" if minutes >= 1440 else f"{minutes // 60}小时"
