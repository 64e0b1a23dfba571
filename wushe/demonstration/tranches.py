"""Tranches of the demonstration: grants at every step, a rectification, the standard checked, people measured twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from wushe.chain.orders.models import Order
from wushe.chain.projects import grants, outcomes, rectifying, reporting
from wushe.chain.projects.models import Project, ProjectState, Tranche
from wushe.chain.projects.standards import CLOSING, DESIGN, Mark, mark_standard, standard
from wushe.foundation.access.models import Grant as Right
from wushe.foundation.actor import Actor
from wushe.registers.people.models import Person

from .accounts import DISTRICT, actor_of
from .registers import own_dice
from .source import World

_SEEN = ("立项材料第1册", "立项材料第2册", "项目计划书", "分工协议", "预算表", "指标表")
_DONE = "已入户走访并建立服务档案，志愿服务队每周上门一次，老人普遍反映有人说话了、家里亮堂了。"


def load_tranches(world: World) -> int:
    """Grant, report, release and pay through the services themselves; return how many tranches there are."""
    office = _Office(world)
    for steps, project in zip((2, 3, 1, 0), _of_log_ins(world), strict=False):
        office.grant(project, steps=steps)
        office.measure(project)
    return Tranche.objects.count()


def _of_log_ins(world: World) -> list[Project]:
    """Return running projects with money: of the organisation that has a log-in, then of the street, the busiest first."""
    running = Project.objects.filter(
        state=ProjectState.RUNNING, ends_on__gt=world.today, budget_lines__isnull=False
    ).annotate(orders=Count("budget_lines__order")).order_by("-orders", "pk")  # fmt: skip
    rights = {right.user.username: right for right in Right.objects.filter(
        user__username__in=["jigou", "shegong"]).select_related("user")}  # fmt: skip
    carried = running.filter(carrier_id=rights["jigou"].organisation_id)
    near = running.filter(area_code__startswith=rights["shegong"].area_code)
    return list(dict.fromkeys([*carried[:1], *near]))[:4]


@dataclass
class _Office:
    """Who reads reports, who pays, and the carrier of each project."""

    world: World

    def __post_init__(self) -> None:
        self.reader = Actor(0, "区民政局", "social_worker", DISTRICT)
        right = Right.objects.select_related("user").filter(role_code="settlement_clerk").earliest("pk")
        self.payer = actor_of(right.user, right)
        self.dice = own_dice(self.world, "tranches")

    def at(self, days: int) -> datetime:
        """Return the moment so many days ago."""
        return self.world.now - timedelta(days=days)

    def grant(self, project: Project, *, steps: int) -> None:
        """Bring a grant so far: agreed, its plan filed, its first part paid, the second held by a rectification."""
        line = max(project.budget_lines.select_related("account"), key=grants.free_of)
        free = grants.free_of(line) // 2 // 100_00 * 100_00
        if free < 100_00:
            return
        self._check(project, DESIGN, met=6)
        self._check(project, CLOSING, met=steps)
        grant = grants.agree_grant(
            actor=self.reader, at=self.at(40 if steps else 4), project_id=project.pk, line_id=line.pk, title="社区公益项目资助",
            amount_fen=free,
        )  # fmt: skip
        first, second, _ = grant.tranches.order_by("number")
        if steps > 0:
            self._file(project, first, days=32)
        if steps > 1:
            self._pay(first, days=30)
        if steps > 2:
            rectifying.ask_rectification(
                actor=self.reader, at=self.at(6), project_id=project.pk, fault="三月份的签到表缺服务对象签名，请补签并说明",
                due_on=self.world.today + timedelta(days=4),
            )  # fmt: skip
            self._file(project, second, days=3)

    def _check(self, project: Project, phase: str, *, met: int) -> None:
        clauses = standard(project, phase, on=self.world.today).value[:met]
        marks = {clause: Mark(met=True, evidence=_SEEN[number]) for number, clause in enumerate(clauses)}
        if marks:
            mark_standard(actor=self.reader, at=self.at(41), project_id=project.pk, marks=marks)

    def _file(self, project: Project, tranche: Tranche, *, days: int) -> None:
        carrier = Actor(0, "承接机构", "organisation_manager", organisation_id=project.carrier_id)
        reporting.file_report(
            actor=carrier, at=self.at(days), report_id=tranche.report.pk, text=_DONE,
            people=self.dice.randint(20, 60), spent_fen=tranche.amount_fen * 8 // 10, papers="签到表6张、照片15张、票据12张",
        )  # fmt: skip

    def _pay(self, tranche: Tranche, *, days: int) -> None:
        reader = Actor(-1, "区民政局", "social_worker", DISTRICT)
        reporting.accept_report(actor=reader, at=self.at(days), report_id=tranche.report.pk, remark="方案可行")
        grants.release_tranche(actor=self.reader, at=self.at(days), tranche_id=tranche.pk)
        grants.pay_tranche(
            actor=self.payer, at=self.at(days - 2), tranche_id=tranche.pk, voucher=f"5116022026{tranche.pk:06d}"
        )  # fmt: skip

    def measure(self, project: Project) -> None:
        """Measure people before and most of them after."""
        measure = outcomes.add_measure(
            actor=self.reader, at=self.at(39), project_id=project.pk, title="孤独感", lowest=0, highest=10,
            more_is_better=False,
        )  # fmt: skip
        orders = Order.objects.filter(area_code__startswith=project.area_code)
        served = Person.objects.filter(pk__in=orders.values("person_id"))
        for number, person in enumerate(served.order_by("pk")[:12]):
            before = self.dice.randint(5, 9)
            for days, value in ((38, before), (5, max(0, before - self.dice.choice([0, 1, 2, 3, 4])))):
                if days == 38 or number % 4:
                    outcomes.read_outcome(
                        actor=self.reader, at=self.at(days), measure_id=measure.pk, person_id=person.pk, value=value
                    )  # fmt: skip
