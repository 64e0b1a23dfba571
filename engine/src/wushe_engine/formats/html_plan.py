"""A plan as one self-contained page: timeline, map, reasons; nothing is loaded from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Any

from wushe_engine.dispatch import Assignment, Person, Plan, Problem, Route, Visit

from .html_map import draw_map
from .html_words import KINDS, MEASURES, UNITS, why
from .json_day import Day

COLOURS = (
    "#1f6fb2", "#b3541e", "#2e7d4f", "#8a3ffc", "#a8326e", "#5d6b1f",
    "#00708a", "#9a3412", "#4454c4", "#7a5195", "#3b6e22", "#8c5a00",
)  # fmt: skip
"""Dark enough for white text on them (contrast at least 4.5)."""


def write_plan_html(day: Day, plan: Plan, *, title: str = "当日派工方案") -> str:
    """Return the page; open it in any browser, also without a network."""
    return _Page(day, plan).write(title)


class _Page:
    """Carries what every part of the page looks up."""

    def __init__(self, day: Day, plan: Plan) -> None:
        self.day, self.plan = day, plan
        self.problem: Problem = day.problem
        self.visits = {visit.id: visit for visit in self.problem.visits}
        self.people = {person.id: person for person in self.problem.people}
        self.colour = {
            person.id: COLOURS[at % len(COLOURS)] for at, person in enumerate(self.problem.people)
        }
        self.unit = UNITS.get(self.problem.time_unit, self.problem.time_unit)
        times = [t for r in plan.routes if r.visits for t in (r.departure, r.finish)]
        hour = self.hour = {"minute": 60, "second": 3600}.get(self.problem.time_unit, 0) or max(
            1, (max(times, default=8) - min(times, default=0)) // 8
        )
        self.first = min(times, default=8 * hour) // hour * hour
        self.last = -(-max(times, default=18 * hour) // hour) * hour or hour

    def name(self, id_: str) -> str:
        """Return the label of a person, visit or place."""
        return self.day.labels.get(id_, id_)

    def clock(self, time: int) -> str:
        """Write a time as a clock shows it, or as a number when the unit is neither."""
        minutes = {"minute": time, "second": time // 60}.get(self.problem.time_unit)
        return str(time) if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"

    def write(self, title: str) -> str:
        """Put the page together."""
        css, js = (_asset(name) for name in ("plan.css", "plan.js"))
        facts = json.dumps(self.facts(), ensure_ascii=False).replace("<", "\\u003c")
        served = sum(len(route.visits) for route in self.plan.routes)
        return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>{css}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<p class="sub">{len(self.problem.people)} 人，{len(self.problem.visits)} 单，已安排 {served} 单 ·
随机种子 {self.plan.seed} · 引擎版本 {escape(self.plan.engine_version)}</p>
<div class="cards">{"".join(self.cards(served))}</div>
<section><h2>时间表</h2><div class="scroll"><div class="day">
{self.hours()}{"".join(self.row(route) for route in self.plan.routes)}
</div></div>{_KEY}</section>
<div class="two"><section><h2>地图</h2>{draw_map(self)}</section>
<section class="tell" id="tell" aria-live="polite"><h2>单项说明</h2>
<p class="hint">点时间表或地图上的一单，看为什么这样安排；点左边的姓名，只看这个人的路线。</p></section></div>
{self.unserved()}{self.changes()}
<script type="application/json" id="facts">{facts}</script>
<script>{js}</script>
</body>
</html>
"""

    def cards(self, served: int) -> Iterator[str]:
        """Write the figures at the top."""
        yield _card("已安排", f"{served} / {len(self.problem.visits)}", bad=False)
        yield _card("未安排", len(self.plan.unserved), bad=bool(self.plan.unserved))
        value = self.plan.value
        for field, label in MEASURES[1:]:
            amount = getattr(value, field)
            timed = field in ("lateness", "travel", "overtime", "unfairness")
            suffix = f"（{self.unit}）" if timed else ""
            yield _card(
                label + suffix, amount, bad=field in ("lateness", "overtime") and amount > 0
            )
        yield _card("总分（越低越好）", value.total, bad=False)

    def share(self, time: int) -> float:
        """Return the place of a time on the timeline in percent."""
        return 100 * (time - self.first) / (self.last - self.first)

    def box(self, kind: str, first: int, last: int) -> str:
        """Return class and position of a stretch of time."""
        left, right = (min(100.0, max(0.0, self.share(time))) for time in (first, last))
        return f'class="{kind}" style="left:{left:.2f}%;width:{max(0.0, right - left):.2f}%'

    def hours(self) -> str:
        """Write the clock above the rows."""
        step = self.hour * (1 if (self.last - self.first) // self.hour <= 14 else 2)
        marks = "".join(
            f'<span style="left:{self.share(time):.2f}%">{self.clock(time)}</span>'
            for time in range(self.first, self.last + 1, step)
        )
        return f'<div class="hours"><div></div><div class="track">{marks}</div></div>'

    def row(self, route: Route) -> str:
        """Write one person's day."""
        person = self.people[route.person]
        width = 100 * self.hour / (self.last - self.first)
        busy = (
            f"{len(route.visits)} 单 · {route.work} {self.unit}" if route.visits else "今天没有安排"
        )
        parts = [f'<div {self.box("shift", *person.shift)}"></div>', *self.ways(route, person)]
        parts += [self.visit(item) for item in route.visits]
        return f"""<div class="row" data-person="{escape(person.id)}">
<button class="name" data-person="{escape(person.id)}">{escape(self.name(person.id))}
<small>{KINDS[person.kind]} · {busy}</small></button>
<div class="track" style="--hour:{width:.3f}%">{"".join(parts)}</div></div>
"""

    def ways(self, route: Route, person: Person) -> Iterator[str]:
        """Write the way before each visit, the way home, and the break."""
        free, last = route.departure, None
        for item in route.visits:
            begin = item.arrival - self.travel(person, last, item.visit)
            yield f'<div {self.box("go", max(free, begin), item.arrival)}"></div>'
            free, last = item.end, item.visit
        if last is not None:
            yield f'<div {self.box("go", free, route.finish)}"></div>'
        if route.break_start is not None and person.rest is not None:
            end = route.break_start + person.rest.length
            title = f"休息 {self.clock(route.break_start)}–{self.clock(end)}"
            yield f'<div {self.box("rest", route.break_start, end)}" title="{title}">休息</div>'

    def travel(self, person: Person, before: str | None, visit: str) -> int:
        """Return the travel time to a visit."""
        places = self.problem.places
        matrix = next(t.matrix for t in self.problem.travel if t.id == person.travel)
        origin = person.start if before is None else self.visits[before].place
        return int(matrix[places.index(origin), places.index(self.visits[visit].place)])

    def visit(self, item: Assignment) -> str:
        """Write one visit on the timeline."""
        late = " late" if item.lateness else ""
        moved = " moved" if item.visit in {change.visit for change in self.plan.changes} else ""
        name = escape(self.name(item.visit))
        hint = f"{name} {self.clock(item.start)}–{self.clock(item.end)}"
        return (
            f"<button {self.box('visit' + late + moved, item.start, item.end)};"
            f'--who:{self.colour[item.person]}" data-visit="{escape(item.visit)}" '
            f'title="{hint}">{name}</button>'
        )

    def facts(self) -> dict[str, Any]:
        """Collect what is shown when a visit is chosen."""
        given = {item.visit: item for route in self.plan.routes for item in route.visits}
        return {
            visit.id: {
                "title": self.name(visit.id),
                "rows": self.fact_rows(visit, given.get(visit.id)),
                "why": self.why(visit.id),
            }
            for visit in self.problem.visits
        }

    def fact_rows(self, visit: Visit, item: Assignment | None) -> list[tuple[str, str]]:
        """Return term and text of each fact of a visit."""
        latest = "不限" if visit.window[1] > 10**9 else self.clock(visit.window[1])
        rows = [("地点", self.name(visit.place))]
        if item is None:
            rows.append(("安排", "未安排"))
        else:
            rows.append(("由谁上门", self.name(item.person)))
            rows.append(("时间", f"{self.clock(item.start)}–{self.clock(item.end)}"))
            if item.lateness:
                rows.append(("迟到", f"{item.lateness} {self.unit}"))
        rows.append(("可开始时间", f"{self.clock(visit.window[0])}–{latest}"))
        if visit.skills:
            rows.append(("所需技能", "、".join(sorted(visit.skills))))
        for link in self.problem.links:
            if visit.id in (link.first, link.second):
                other = link.second if visit.id == link.first else link.first
                rows.append(("须与此单配合", self.name(other)))
        return rows

    def why(self, visit: str) -> list[str]:
        """Return the sentences of a reason."""
        reason = self.plan.reasons.get(visit)
        if reason is None:
            return ["方案里没有记录原因。"]
        return why(reason, self.name, self.problem.time_unit)

    def unserved(self) -> str:
        """Write the visits nobody serves, the most important first."""
        if not self.plan.unserved:
            return ""
        order = sorted(self.plan.unserved, key=lambda v: -self.visits[v].penalty)
        rows = "".join(
            f'<tr data-visit="{escape(v)}"><td>{escape(self.name(v))}</td>'
            f"<td>{escape('、'.join(sorted(self.visits[v].skills)))}</td>"
            f"<td>{'<br>'.join(escape(said) for said in self.why(v))}</td></tr>"
            for v in order
        )
        head = "<tr><th>单号</th><th>所需技能</th><th>原因和办法</th></tr>"
        return f"<section><h2>未安排（{len(order)} 单）</h2><table>{head}{rows}</table></section>"

    def changes(self) -> str:
        """Write what differs from the published plan."""
        if not self.plan.changes:
            return ""

        def told(person: str | None, start: int | None) -> str:
            return (
                "未安排"
                if person is None or start is None
                else (f"{self.name(person)} {self.clock(start)}")
            )

        rows = "".join(
            f"<tr><td>{escape(self.name(c.visit))}</td>"
            f"<td>{escape(told(c.person_before, c.start_before))}</td>"
            f"<td>{escape(told(c.person_after, c.start_after))}</td></tr>"
            for c in self.plan.changes
        )
        head = "<tr><th>单号</th><th>原来</th><th>现在</th></tr>"
        title = f"与已发布方案的不同（{len(self.plan.changes)} 处）"
        return f"<section><h2>{title}</h2><table>{head}{rows}</table></section>"


_KEY = """<div class="key"><span><i style="background:#c9d1da;height:4px"></i>路上</span>
<span><i style="background:repeating-linear-gradient(45deg,#dfe4ea 0 4px,#f4f6f8 4px 8px)"></i>休息</span>
<span><i style="background:rgba(11,110,110,.14)"></i>班次</span>
<span><i style="background:#b42318;height:5px"></i>迟到</span>
<span><i style="background:#ffd166;width:6px;height:14px"></i>与已发布方案不同</span></div>"""


def _card(label: str, amount: object, *, bad: bool) -> str:
    return f'<div class="card{" bad" if bad else ""}"><b>{amount}</b><span>{label}</span></div>'


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
