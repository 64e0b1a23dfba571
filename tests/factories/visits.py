"""Visits in every state, through the services that lead there; pictures as phones and as enemies send them."""

from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import get_current_timezone
from PIL import Image

from tests.factories import dispatch, orders
from tests.factories.catalogue import CLEANING
from tests.factories.places import CENTRE, DISTRICT, TODAY
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.orders.models import Order
from wushe.chain.projects.models import BudgetLine, Project, SourceClass
from wushe.chain.verification.models import Check
from wushe.chain.verification.services import accept_visit, open_check
from wushe.chain.visits import services
from wushe.chain.visits.models import EvidenceKind, Visit
from wushe.chain.visits.selectors import asked_of
from wushe.foundation.actor import SYSTEM, Actor
from wushe.ledgers.models import AccountKind, LedgerUnit
from wushe.ledgers.services import open_account, post
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.workforce.models import Worker, WorkerKind

_serial = count(1)
NINE = 540


def clock(minute: int, *, day: date = TODAY) -> datetime:
    """Return this minute of a day in Guang'an."""
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone()) + timedelta(minutes=minute)


def performer(worker: Worker) -> Actor:
    """Return the worker as an actor."""
    role = "volunteer" if worker.kind == WorkerKind.VOLUNTEER else "carer"
    return Actor(user_id=700_000 + worker.pk, name="服务人员", role_code=role, holder_id=worker.pk)


def planned(
    person: Person, worker: Worker, *, organisation: Organisation | None = None, start: int = NINE, day: date = TODAY,
    code: str = CLEANING, visits: int = 1,
) -> Appointment:  # fmt: skip
    """Return an appointment of this worker, on an order that the organisation has accepted."""
    taker = organisation or worker.organisation
    assert taker is not None
    order = orders.accepted(
        person, taker, at=clock(60, day=day), code=code, visits=visits, starts_on=day, window=(start, start + 60)
    )
    row = dispatch.opened(order, until=max(day, TODAY))[0]
    Appointment.objects.filter(pk=row.pk).update(
        state=AppointmentState.CONFIRMED, worker=worker, planned_start=start, day=day
    )
    return Appointment.objects.select_related("worker", "order__item").get(pk=row.pk)


def started(appointment: Appointment, *, at: datetime | None = None, place: tuple[float, float] = CENTRE) -> Visit:
    """Sign in, at the planned minute unless another time is given."""
    assert appointment.worker is not None
    assert appointment.planned_start is not None
    now = at or clock(appointment.planned_start, day=appointment.day)
    return services.sign_in(
        actor=performer(appointment.worker), at=now, appointment_id=appointment.pk, client_id=uuid4(), device_at=now,
        longitude=place[0], latitude=place[1], accuracy=20,
    )  # fmt: skip


def with_evidence(visit: Visit) -> Visit:
    """Add all photos that the item asks for, and the signature."""
    item = visit.appointment.order.item
    for kind in [*asked_of(item.photos, signature=True).photos, EvidenceKind.SIGNATURE]:
        services.add_evidence(
            actor=performer(visit.worker), at=visit.start_received_at, visit_id=visit.pk, client_id=uuid4(), kind=kind,
            content=photo(), taken_at=visit.started_at,
        )  # fmt: skip
    return visit


def ended(appointment: Appointment, *, minutes: int | None = None, evidence: bool = False, **start: object) -> Visit:
    """Sign in and out; the ordered minutes unless others are given."""
    visit = started(appointment, **start)  # type: ignore[arg-type]
    if evidence:
        with_evidence(visit)
    now = visit.started_at + timedelta(minutes=appointment.minutes if minutes is None else minutes)
    return services.sign_out(
        actor=performer(visit.worker), at=now, visit_id=visit.pk, client_id=uuid4(), device_at=now,
        longitude=CENTRE[0], latitude=CENTRE[1], accuracy=20,
    )  # fmt: skip


def checked(visit: Visit) -> Check:
    """Open the check of an ended visit."""
    assert visit.end_received_at is not None
    return open_check(actor=SYSTEM, at=visit.end_received_at, visit_id=visit.pk)


def accepted(visit: Visit, *, verifier: Actor) -> Visit:
    """Check and accept a visit."""
    checked(visit)
    assert visit.end_received_at is not None
    accept_visit(actor=verifier, at=visit.end_received_at + timedelta(hours=1), visit_id=visit.pk)
    return Visit.objects.get(pk=visit.pk)


def budget_line(
    order: Order, *, fen: int, source: str = SourceClass.GOVERNMENT, carrier: Organisation | None = None
) -> BudgetLine:
    """Link an order to a budget line that holds so much."""
    number = next(_serial)
    with transaction.atomic():
        project = Project.objects.create(title=f"居家服务项目{number}", area_code=DISTRICT, carrier=carrier)
        account = open_account(
            actor=SYSTEM, at=clock(0), code=f"line-test:{number}", title=f"预算科目{number}", unit=LedgerUnit.FEN,
            kind=AccountKind.BUDGET_LINE, area_code=DISTRICT,
        )  # fmt: skip
        outside = open_account(
            actor=SYSTEM, at=clock(0), code="outside-test", title="财政", unit=LedgerUnit.FEN, kind=AccountKind.OUTSIDE,
            area_code=DISTRICT, may_go_below=True,
        )  # fmt: skip
        if fen:
            post(
                actor=SYSTEM, at=clock(0), key=f"fund-test:{number}", memo="拨入",
                legs=[(outside.pk, -fen), (account.pk, fen)],
            )  # fmt: skip
    line = BudgetLine.objects.create(
        project=project, title=f"服务费{number}", source_class=source, amount_fen=fen, account=account
    )
    Order.objects.filter(pk=order.pk).update(budget_line=line)
    return line


def photo(
    *, size: tuple[int, int] = (640, 480), form: str = "JPEG", seed: int | None = None, exif: Image.Exif | None = None
) -> bytes:
    """Return a picture unlike any other, or the same for the same seed."""
    grain = (next(_serial) if seed is None else seed) * 7919
    small = Image.new("RGB", (16, 12))
    small.putdata([(grain * (n + 3) * 37 % 251, grain * (n + 7) * 91 % 241, n * 5 % 256) for n in range(16 * 12)])
    kept = BytesIO()
    small.resize(size).save(kept, form, **({"exif": exif} if exif else {}))
    return kept.getvalue()


def client_id(number: int) -> UUID:
    """Return the client id of this number."""
    return UUID(int=number)
