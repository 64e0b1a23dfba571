"""The calendar of legal duties against an oracle that walks day by day and shares no code with it."""

import calendar
import random
from datetime import date, timedelta

import pytest

from tests.factories import charity
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.errors import Conflict
from wushe.lines.charity.duties import Facts, Rule, duties
from wushe.lines.charity.duty_list import fulfil_duty, owed_to, rules_at

SOURCES = ["federation", "raised", "government", "lottery", "special", "trust"]
CASES = 2_000
HORIZON = date(2029, 12, 31)


def months_on(day: date, count: int) -> date:
    """Count months by walking them one by one."""
    year, month = day.year, day.month
    for _ in range(count):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def in_force(rules: list[Rule], code: str, day: date) -> Rule | None:
    """Find the rule by elimination: every other that stands on the day is wider, or as wide and older."""
    standing = [r for r in rules if r.code == code and r.since <= day and not (r.until and r.until <= day)]
    for one in standing:
        if all(
            o is one or len(o.region) < len(one.region) or (len(o.region) == len(one.region) and o.since < one.since)
            for o in standing
        ):
            return one
    return None


class Oracle:
    """Walks the calendar from the first day to the horizon and notes what falls due."""

    def __init__(self, facts: Facts, rules: list[Rule], until: date) -> None:
        self.facts, self.rules, self.until = facts, rules, until
        self.found: set[tuple[str, date]] = set()

    def walk(self) -> set[tuple[str, date]]:
        f = self.facts
        charity_money = f.source_class in ("federation", "raised", "special", "trust")
        day, one = f.starts_on, timedelta(days=1)
        over = in_force(self.rules, "progress_over", f.starts_on)
        long = over is None or f.ends_on is None or f.ends_on > months_on(f.starts_on, int(over.value))
        monthly = {"progress": charity_money and long, "trust_report": f.source_class == "trust",
                   "monthly_accounts": f.community_fund}  # fmt: skip
        waiting: dict[str, tuple[date, int, date] | None] = {code: None for code, on in monthly.items() if on}
        emergency_due: date | None = None
        while day <= self.until and (f.ends_on is None or day <= f.ends_on):
            for code, held in list(waiting.items()):
                if held and held[2] == day:
                    if code != "progress" or day != f.ends_on:
                        self.found.add((code, day))
                    waiting[code] = self._next(code, held[0], held[1], day)
                elif held is None:
                    waiting[code] = self._next(code, day, 0, day)
            if f.emergency:
                if emergency_due == day:
                    self.found.add(("emergency", day))
                if emergency_due in (None, day):
                    rule = in_force(self.rules, "emergency", day)
                    emergency_due = day + int(rule.value) * one if rule else None
            day += one
        self._once(charity_money)
        self._years(charity_money)
        return {(code, on) for code, on in self.found if on <= self.until}

    def _next(self, code: str, base: date, months: int, anchor: date) -> tuple[date, int, date] | None:
        rule = in_force(self.rules, code, anchor)
        if rule is None:
            return None
        months += int(rule.value)
        return base, months, months_on(base, months)

    def _once(self, charity_money: bool) -> None:
        f = self.facts
        for code, on, anchor in (
            ("emergency_plan", f.emergency, f.starts_on), ("trust_filing", f.source_class == "trust", f.starts_on),
            ("mutual_aid", f.raises_publicly and f.ends_on is not None, f.ends_on),
        ):  # fmt: skip
            rule = in_force(self.rules, code, anchor) if on and anchor else None
            if rule and anchor:
                self.found.add((code, anchor + timedelta(days=int(rule.value))))
        rule = in_force(self.rules, "final", f.ends_on) if charity_money and f.ends_on else None
        if rule and f.ends_on:
            self.found.add(("final", months_on(f.ends_on, int(rule.value))))

    def _years(self, charity_money: bool) -> None:
        for code, on in (("annual_report", charity_money), ("lottery_report", self.facts.source_class == "lottery")):
            for reported in range(self.facts.starts_on.year, self.until.year + 1):
                stood = self.facts.ends_on is None or self.facts.ends_on.year >= reported
                rule = in_force(self.rules, code, date(reported + 1, 1, 1))
                if on and stood and rule:
                    month, day = map(int, str(rule.value).split("-"))
                    self.found.add((code, date(reported + 1, month, day)))


def some_rules(dice: random.Random) -> list[Rule]:
    """Draw dated rules: most as in the law, some changed on a day, some missing before a day, some of a region."""
    usual: dict[str, int | str] = {
        "progress": 3, "progress_over": 6, "final": 3, "emergency": 5, "emergency_plan": 10, "mutual_aid": 30,
        "annual_report": "05-31", "lottery_report": "06-30", "trust_filing": 7, "trust_report": 12,
        "monthly_accounts": 1,
    }  # fmt: skip
    rules = []
    for code, value in usual.items():
        first = dice.choice([date(2016, 9, 1), date(2024, 9, 5)])
        change = dice.choice([None, None, first + timedelta(days=dice.randrange(1, 1500))])
        rules.append(Rule(code, value, first, change))
        if change:
            later = dice.choice(["03-31", "04-30"]) if isinstance(value, str) else value + dice.randrange(0, 3)
            rules.append(Rule(code, later, change))
        if dice.random() < 0.2:
            other = "06-15" if isinstance(value, str) else value + 1
            rules.append(Rule(code, other, first + timedelta(days=dice.randrange(0, 700)), None, "5116"))
    return rules


def some_facts(dice: random.Random) -> Facts:
    starts = date(2022, 1, 1) + timedelta(days=dice.randrange(1500))
    length = dice.choice([None, 3, 20, 100, 183, 184, 200, 365, 730, 1100])
    return Facts(
        source_class=dice.choice(SOURCES), starts_on=starts,
        ends_on=starts + timedelta(days=length + dice.randrange(3)) if length else None,
        raises_publicly=dice.random() < 0.5, emergency=dice.random() < 0.15, community_fund=dice.random() < 0.4,
    )  # fmt: skip


def test_two_thousand_calendars_agree_with_the_oracle() -> None:
    dice, total = random.Random(20261122), 0
    for _ in range(CASES):
        facts, rules = some_facts(dice), some_rules(dice)
        until = facts.starts_on + timedelta(days=dice.randrange(30, 1200))
        found = [(duty.code, duty.due_on) for duty in duties(facts, rules, until=until)]
        assert found == sorted(found, key=lambda pair: (pair[1], pair[0]))
        assert len(found) == len(set(found))
        assert set(found) == Oracle(facts, rules, until).walk(), facts
        total += len(found)
    assert total > 10_000


@pytest.mark.django_db
def test_the_rules_of_the_presets_are_all_known() -> None:
    world()
    fund = Facts("raised", date(2026, 1, 31), date(2026, 12, 31), raises_publicly=True, community_fund=False)
    assert [(d.code, d.due_on) for d in duties(fund, rules_at("511602001001"), until=HORIZON)] == [
        ("progress", date(2026, 4, 30)), ("progress", date(2026, 7, 31)), ("progress", date(2026, 10, 31)),
        ("final", date(2027, 3, 31)), ("annual_report", date(2027, 5, 31)),
    ]  # fmt: skip
    mutual = duties(fund, rules_at("440106001"), until=HORIZON)
    assert [(d.due_on, d.source) for d in mutual if d.code == "mutual_aid"] == [
        (date(2027, 1, 30), "《广州市慈善促进条例》第二十七条")
    ]


@pytest.mark.django_db
def test_nothing_falls_due_unseen() -> None:
    """The list of the desk shows every duty up to three months ahead, until it is done, with its owner."""
    world()
    charity.handlers()
    fund = charity.fund(starts_on=date(2026, 3, 14))
    officer = actor_of("charity_officer")
    rows = owed_to(actor=officer, on=TODAY)
    assert [(r.duty.code, r.duty.due_on, r.owner, r.overdue) for r in rows] == [
        ("progress", date(2026, 6, 14), "广安区慈善会", True),
        ("progress", date(2026, 9, 14), "广安区慈善会", False),
        ("progress", date(2026, 12, 14), "广安区慈善会", False),
    ]
    given = {"fund_id": fund.pk, "code": "progress", "due_on": date(2026, 6, 14), "document": "公告2026第3号"}
    fulfil_duty(actor=officer, at=NOON, **given)  # type: ignore[arg-type]
    assert [r.duty.due_on for r in owed_to(actor=officer, on=TODAY, state="overdue")] == []
    assert [r.done.document for r in owed_to(actor=officer, on=TODAY, state="done") if r.done] == ["公告2026第3号"]
    with pytest.raises(Conflict):
        fulfil_duty(actor=officer, at=NOON, **given)  # type: ignore[arg-type]
