"""What follows from a change by hand: broken rules, people affected, minutes gained or lost. The engine's check judges."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from wushe.registers.workforce.models import Skill, Worker

from . import planning
from .facts import DayFacts
from .fitting import best_fit, day_of
from .models import Appointment

KIN, ABSENT, SAME_PERSON = "kin", "absent", "same_person"
NEVER = {KIN, ABSENT, SAME_PERSON}
"""What nobody may override."""

RULES = {
    "no_skill": "{worker}没有有效的技能：{skills}",
    "not_allowed": "{worker}不属于接单机构，或不是这项服务允许的人员类别",
    KIN: "{worker}是服务对象本人或亲属，应当回避",
    ABSENT: "{worker}当天不在岗",
    SAME_PERSON: "需要两个人同时上门，不能是同一人",
    "too_early": "早于约定的最早上门时间 {opens}",
    "too_late": "比约定的最晚上门时间 {closes} 晚得太多",
    "no_time": "{worker}从上一处赶不到{visit}",
    "before_shift": "{worker}要在上班前出发",
    "after_shift": "{worker}下班太晚，超过可加班的时间",
    "too_much_work": "{worker}当天或本周的工时超过上限",
    "no_break": "{worker}没有时间午休",
    "break_overlaps": "{worker}的午休和服务重叠",
    "gap": "两个人不能同时到达",
    "half_served": "需要两个人上门，另一人还没有安排",
}
_SOFT = {"half_served"}
_AMOUNTS = (("travel", "路程"), ("lateness", "晚到"), ("overtime", "加班"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that the change would break; `hard` ones need a reason, `never` ones cannot be overridden."""

    code: str
    text: str
    hard: bool
    never: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change would bring. `affected` are other visits of the day that could no longer be reached in time."""

    appointment: Appointment
    worker: Worker
    start: int
    rules: list[Rule]
    affected: list[Appointment]
    amounts: dict[str, int]
    known_visits: int
    usual_visits: int

    @property
    def broken(self) -> list[Rule]:
        """Return the rules that forbid the change unless a person overrides them with a reason."""
        return [rule for rule in self.rules if rule.hard]

    @property
    def forbidden(self) -> list[Rule]:
        """Return the rules that nobody may override."""
        return [rule for rule in self.rules if rule.never]

    @property
    def sentences(self) -> list[str]:
        """Return what changes in minutes and in familiarity, in words."""
        rows = [
            f"{title}{'增加' if self.amounts[part] > 0 else '减少'}{abs(self.amounts[part])}分钟"
            for part, title in _AMOUNTS
            if self.amounts.get(part)
        ]
        if self.known_visits:
            rows.append(f"近期上过门{self.known_visits}次")
        elif self.usual_visits:
            rows.append("近期没有上过门，老人不熟悉")
        return rows


def weigh(facts: DayFacts, appointment: Appointment, worker: Worker, start: int) -> Consequences:
    """Return what would follow if this worker came at this time; a pair moves to the same time together."""
    here = next(a for a in facts.appointments if a.pk == appointment.pk)
    there = {w.pk for w in facts.workers}
    changed = _changed(facts, here, worker, start)
    rules, affected, amounts = list(_own_rules(facts, here, worker)), [], dict[str, int]()
    if worker.pk in there:
        before, after = planning.judge(facts), planning.judge(facts, changed=changed)
        fresh = Counter(after.faults) - Counter(before.faults)
        rules += _judged_rules(facts, here, worker, list(fresh), known={rule.code for rule in rules})
        affected = _affected(facts, here, list(fresh))
        amounts = {part: after.value[part] - before.value[part] for part, _ in _AMOUNTS}
    known = facts.known.get(here.order.person_id, {})
    return Consequences(
        here, worker, start, rules, affected, amounts, known.get(worker.pk, 0), max(known.values(), default=0)
    )


@dataclass(frozen=True, slots=True)
class Alternative:
    """Somebody else who could come: when, at what extra way, and how busy and how well known."""

    worker: Worker
    start: int
    lateness: int
    extra_travel: int
    known_visits: int
    minutes_today: int
    visits_today: int
    current: bool


def alternatives(facts: DayFacts, appointment: Appointment) -> list[Alternative]:
    """Return everybody who may come and into whose day the visit fits, the best first."""
    here = next(a for a in facts.appointments if a.pk == appointment.pk)
    kin = facts.kin.get(here.order.person_id, frozenset())
    asked, known = set(here.order.item.skills), facts.known.get(here.order.person_id, {})
    partner = next((a.worker_id for a in facts.appointments if a.pk == here.pair_id), None)
    rows = []
    for worker in facts.workers:
        able = asked <= set(facts.skills[worker.pk]) and facts.may_come(worker, here)
        if not able or worker.pk in kin or worker.pk == partner or not (fit := best_fit(facts, worker, here)):
            continue
        day = day_of(facts, worker.pk, without=[here.pk])
        rows.append(
            Alternative(
                worker,
                fit.start,
                fit.lateness,
                fit.extra_travel,
                known.get(worker.pk, 0),
                sum(a.minutes for a in day),
                len(day),
                worker.pk == here.worker_id,
            )
        )
    return sorted(rows, key=lambda row: (row.lateness, row.extra_travel - min(row.known_visits, 3) * 10, row.worker.pk))


def _changed(facts: DayFacts, here: Appointment, worker: Worker, start: int) -> dict[int, planning.Chosen]:
    changed = {here.pk: (worker.pk, start)}
    partner = next((a for a in facts.appointments if a.pk == here.pair_id), None)
    if partner is not None and partner.worker_id is not None:
        changed[partner.pk] = (partner.worker_id, start)
    return changed


def _own_rules(facts: DayFacts, here: Appointment, worker: Worker) -> Iterator[Rule]:
    """Yield the rules that need no timetable."""
    partner = next((a for a in facts.appointments if a.pk == here.pair_id), None)
    if worker.pk in facts.kin.get(here.order.person_id, frozenset()) or worker.person_id == here.order.person_id:
        yield _rule(KIN, worker=worker.person.name)
    if worker.pk not in {w.pk for w in facts.workers}:
        yield _rule(ABSENT, worker=worker.person.name)
    if partner is not None and partner.worker_id == worker.pk:
        yield _rule(SAME_PERSON)


def _judged_rules(
    facts: DayFacts, here: Appointment, worker: Worker, faults: list[tuple[str, tuple[str, ...]]], *, known: set[str]
) -> Iterator[Rule]:
    """Yield the rules that the engine's check finds broken, each once and in words."""
    missing = sorted(set(here.order.item.skills) - set(facts.skills[worker.pk]))
    titles = dict(Skill.objects.filter(code__in=missing).values_list("code", "title")) if missing else {}
    visits = {f"a{a.pk}": a for a in facts.appointments}
    people = {f"w{w.pk}": w.person.name for w in facts.workers}
    seen = set(known)
    for code, subjects in faults:
        if code not in RULES or code in seen or (code == "not_allowed" and KIN in known):
            continue
        seen.add(code)
        visit = next((visits[s] for s in subjects if s in visits), here)
        who = next((people[s] for s in subjects if s in people), worker.person.name)
        title = "这一处" if visit.pk == here.pk else f"{_clock(visit.planned_start or 0)} 的{visit.order.item.name}"
        yield _rule(
            code, worker=who, visit=title, skills="、".join(titles.get(one, one) for one in missing),
            opens=_clock(here.window_start), closes=_clock(here.window_end),
        )  # fmt: skip


def _affected(facts: DayFacts, here: Appointment, faults: list[tuple[str, tuple[str, ...]]]) -> list[Appointment]:
    named = {subject for _, subjects in faults for subject in subjects}
    return [a for a in facts.appointments if f"a{a.pk}" in named and a.pk not in {here.pk, here.pair_id}]


def _rule(code: str, **words: str) -> Rule:
    text = RULES[code].format_map(_Blank(words))
    return Rule(code, text, hard=code not in _SOFT, never=code in NEVER)


class _Blank(dict[str, str]):
    """Words of a sentence; a missing one is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
