"""Social workers: a certificate, and a post whose employer, workplace and supervisor may differ."""

from datetime import date
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Day, Id, InPlace, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.scope import obtain
from wushe.registers.workforce import posting
from wushe.registers.workforce.models import Qualification, Worker
from wushe.registers.workforce.selectors import social_workers

router = Resource("社会工作者")
Certificate = Annotated[str, Field(pattern=r"^[0-9A-Za-z\-]{0,30}$", description="证书管理号")]
Level = Annotated[Qualification, InPlace] | Literal[""]


class SocialWorkerShown(Schema):
    """A social worker's post and certificate."""

    id: int
    number: str
    name: str
    person_id: int
    organisation_id: int | None
    area_code: str
    supervisor_id: int | None
    level: str
    certificate_number: str
    registered_on: date | None
    qualification_until: date | None
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_name(worker: Worker) -> str:
        """Return the social worker's name."""
        return worker.person.name


class SocialWorkerFilter(Schema):
    """What the register is narrowed to."""

    text: Words = ""
    level: Annotated[Qualification, InPlace] | None = None


class NewSocialWorker(Body):
    """A resident who becomes a social worker: who employs them, where they work, who supervises them."""

    person_id: Id
    organisation_id: Id
    area_code: AreaCode
    starts_on: Day
    supervisor_id: Id | None = None
    level: Level = ""
    certificate_number: Certificate = ""
    registered_on: Day | None = None
    qualification_until: Day | None = None


class SocialWorkerChange(Body):
    """What is changed; what is not named stays. A supervisor or day of null is none."""

    organisation_id: Id | None = None
    area_code: AreaCode | None = None
    supervisor_id: Id | None = None
    level: Level | None = None
    certificate_number: Certificate | None = None
    registered_on: Day | None = None
    qualification_until: Day | None = None
    starts_on: Day | None = None


class SocialWorkerLeaving(Body):
    """The last day in a post."""

    ends_on: Day


@router.lists(
    "/social-workers", "registers:view", item=SocialWorkerShown, name="social_worker_list", summary="社会工作者"
)
def social_worker_list(
    request: ApiRequest, where: Query[SocialWorkerFilter], paging: Query[Paging]
) -> QuerySet[Worker]:
    """List the social workers in post; by two characters of the name, initials, last four digits, or a number."""
    rows = social_workers(actor=request.actor, text=where.text)
    return rows.filter(level=where.level) if where.level else rows


@router.reads(
    "/social-workers/{worker_id}", "registers:view", gives=SocialWorkerShown, name="social_worker", summary="一位社工"
)
def social_worker(request: ApiRequest, worker_id: Id) -> Worker:
    """Show one social worker."""
    return obtain(social_workers(actor=request.actor), request.actor, pk=worker_id)


@router.acts(
    "/social-workers", "workforce:register", gives=SocialWorkerShown, status=201, name="social_worker_post",
    summary="登记社会工作者",
)  # fmt: skip
def post(request: ApiRequest, body: NewSocialWorker) -> Worker:
    """Enter a resident as a social worker."""
    return posting.post_social_worker(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/social-workers/{worker_id}", "workforce:register", gives=SocialWorkerShown, method="PATCH",
    name="social_worker_update", summary="更新社会工作者",
)  # fmt: skip
def update(request: ApiRequest, worker_id: Id, body: SocialWorkerChange) -> Worker:
    """Change a certificate, or transfer to another employer, workplace or supervisor."""
    changes = told(body, "supervisor_id", "registered_on", "qualification_until")
    return posting.update_social_worker(actor=request.actor, at=timezone.now(), worker_id=worker_id, changes=changes)


@router.acts(
    "/social-workers/{worker_id}/end", "workforce:register", gives=SocialWorkerShown, name="social_worker_end",
    summary="社会工作者离岗",
)  # fmt: skip
def end(request: ApiRequest, worker_id: Id, body: SocialWorkerLeaving) -> Worker:
    """End a post on a day."""
    return posting.end_social_worker(actor=request.actor, at=timezone.now(), worker_id=worker_id, ends_on=body.ends_on)
