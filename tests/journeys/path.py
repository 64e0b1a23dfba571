"""The main path of one need, step by step, each by the person whose step it is: 王奶奶 wants her flat cleaned."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from tests.factories import needs
from tests.factories.cast import World, actor_of, world
from tests.factories.catalogue import CLEANING, item
from tests.factories.places import CENTRE, STREET, TODAY
from tests.factories.visits import clock, performer, photo
from wushe.chain.dispatch.models import Appointment, Plan
from wushe.chain.dispatch.services import confirm_plan, propose_plan
from wushe.chain.needs.models import Channel, Need, Urgency
from wushe.chain.needs.services import record_need, triage_need
from wushe.chain.orders.models import Order
from wushe.chain.orders.services import accept_order, place_order, send_order
from wushe.chain.projects.models import BudgetLine, Project
from wushe.chain.resources.models import Society
from wushe.chain.resources.services import link_need
from wushe.chain.verification.models import Check
from wushe.chain.verification.services import accept_visit
from wushe.chain.visits.models import EvidenceKind, Visit
from wushe.chain.visits.selectors import asked_of
from wushe.chain.visits.services import add_evidence, sign_in, sign_out
from wushe.foundation.journal.delivery import deliver

MONEY = 500_000
STEPS = ("record", "triage", "link", "place", "send", "accept", "plan", "confirm", "sign_in", "prove", "sign_out", "check",
         "settle")  # fmt: skip
VISIT_DAY = TODAY + timedelta(days=1)


@dataclass
class MainPath:
    """How far the need has come, and the things that its steps made."""

    world: World = field(default_factory=world)
    project: Project = field(init=False)
    line: BudgetLine = field(init=False)
    need: Need = field(init=False)
    order: Order = field(init=False)
    proposal: Plan = field(init=False)
    visit: Visit = field(init=False)

    def __post_init__(self) -> None:
        self.project = needs.project(self.world.organisation)
        self.line = needs.budget_line(self.project, fen=MONEY)

    def walk(self, last: str) -> "MainPath":
        """Take every step up to this one."""
        for step in STEPS[: STEPS.index(last) + 1]:
            getattr(self, step)()
        return self

    def record(self) -> Need:
        """The community worker knocks at the door and writes down what she hears, at eight."""
        self.need = record_need(
            actor=actor_of("community_worker"), at=clock(480), person_id=self.world.elder.pk, channel=Channel.DOOR_KNOCK,
            words="腰疼，屋里好久没人打扫了", wanted_on=VISIT_DAY, wanted_from=540, wanted_until=600,
        )  # fmt: skip
        return self.need

    def triage(self) -> Need:
        """The social worker decides what it is, how soon, and whose duty."""
        self.need = triage_need(
            actor=actor_of("social_worker"), at=clock(490), need_id=self.need.pk, item_id=item(CLEANING).pk,
            urgency=Urgency.WEEK, responsible_party="society",
        )  # fmt: skip
        return self.need

    def link(self) -> Need:
        """An organisation is to meet it, paid from the project's line."""
        link_need(
            actor=actor_of("social_worker"), at=clock(500), need_id=self.need.pk, society=Society.ORGANISATION,
            organisation_id=self.world.organisation.pk, project_id=self.project.pk, budget_line_id=self.line.pk,
            reason="街道项目覆盖",
        )  # fmt: skip
        self.need.refresh_from_db()
        return self.need

    def place(self) -> Order:
        """点单: one visit tomorrow between nine and ten."""
        self.order = place_order(
            actor=actor_of("social_worker"), at=clock(510), need_id=self.need.pk, visits_ordered=1, starts_on=VISIT_DAY,
            window_start=540, window_end=600, note="耳朵不好，敲门要大声",
        )  # fmt: skip
        return self.order

    def send(self) -> Order:
        """送单 to both organisations of the street."""
        both = [self.world.organisation.pk, self.world.second_organisation.pk]
        self.order = send_order(
            actor=actor_of("dispatcher"), at=clock(520), order_id=self.order.pk, organisation_ids=both
        )
        return self.order

    def accept(self) -> Order:
        """接单: A is first."""
        self.order = accept_order(
            actor=actor_of("organisation_a"), at=clock(530), order_id=self.order.pk,
            organisation_id=self.world.organisation.pk,
        )  # fmt: skip
        return self.order

    def plan(self) -> Plan:
        """The engine proposes tomorrow."""
        self.proposal = propose_plan(
            actor=actor_of("dispatcher"), at=clock(540), area_code=STREET, day=VISIT_DAY, seed=7, seconds=1
        )
        return self.proposal

    def confirm(self) -> Plan:
        """The dispatcher confirms it."""
        self.proposal = confirm_plan(actor=actor_of("dispatcher"), at=clock(550), plan_id=self.proposal.pk)
        return self.proposal

    def sign_in(self) -> Visit:
        """The carer stands at the door at the planned minute."""
        row = self.appointment
        assert row.worker is not None
        assert row.planned_start is not None
        now = clock(row.planned_start, day=VISIT_DAY)
        self.visit = sign_in(
            actor=performer(row.worker), at=now, appointment_id=row.pk, client_id=uuid4(), device_at=now,
            longitude=CENTRE[0], latitude=CENTRE[1], accuracy=15,
        )  # fmt: skip
        return self.visit

    def prove(self) -> Visit:
        """She takes the photos that the catalogue asks for, and the elder signs."""
        kinds = asked_of(item(CLEANING).photos, signature=True).photos
        for kind in [*kinds, EvidenceKind.SIGNATURE]:
            add_evidence(
                actor=performer(self.visit.worker), at=self.visit.started_at, visit_id=self.visit.pk, client_id=uuid4(),
                kind=kind, content=photo(), taken_at=self.visit.started_at,
            )  # fmt: skip
        return self.visit

    def sign_out(self) -> Visit:
        """She leaves after the ordered minutes."""
        now = self.visit.started_at + timedelta(minutes=self.appointment.minutes)
        self.visit = sign_out(
            actor=performer(self.visit.worker), at=now, visit_id=self.visit.pk, client_id=uuid4(), device_at=now,
            longitude=CENTRE[0], latitude=CENTRE[1], accuracy=15, note="厨房和卧室都打扫了",
        )  # fmt: skip
        return self.visit

    def check(self) -> Check:
        """The check opens by itself from the journal; the verifier, who did not perform, accepts."""
        deliver()
        return accept_visit(actor=actor_of("verifier"), at=self.evening, visit_id=self.visit.pk)

    def settle(self) -> None:
        """The accepted visit is settled from the journal."""
        deliver()

    @property
    def appointment(self) -> Appointment:
        """Return the visit of the day as it stands."""
        return Appointment.objects.select_related("worker__person").get(order=self.order)

    @property
    def evening(self):
        """Return the evening of the visit."""
        return clock(18 * 60, day=VISIT_DAY)
