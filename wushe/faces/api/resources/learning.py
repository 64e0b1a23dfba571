"""Hours of social workers that count towards registration or supervision."""

from datetime import date, datetime
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Body, Day, Id, InPlace, Minute, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.scope import obtain
from wushe.registers.workforce import posting
from wushe.registers.workforce.models import Learning
from wushe.registers.workforce.selectors import learning_of, workers

router = Resource("继续教育与督导")


class LearningShown(Schema):
    """Hours of a worker."""

    id: int
    worker_id: int
    kind: str
    title: str
    on: date
    minutes: int
    struck_at: datetime | None


class NewLearning(Body):
    """Hours to be recorded."""

    kind: Annotated[Learning.Kind, InPlace]
    title: Words
    on: Day
    minutes: Minute


@router.lists(
    "/workers/{worker_id}/learning", "registers:view", item=LearningShown, name="learning_list", summary="学时记录"
)
def learning_list(request: ApiRequest, worker_id: Id, paging: Query[Paging]) -> QuerySet[Learning]:
    """List the hours of a worker, those struck out as well."""
    mine = workers(actor=request.actor, on=timezone.localdate())
    return learning_of(worker=obtain(mine, request.actor, pk=worker_id))


@router.acts(
    "/workers/{worker_id}/learning", "workforce:register", gives=LearningShown, status=201, name="learning_add",
    summary="登记学时",
)  # fmt: skip
def add(request: ApiRequest, worker_id: Id, body: NewLearning) -> Learning:
    """Record hours of a social worker."""
    return posting.add_learning(actor=request.actor, at=timezone.now(), worker_id=worker_id, **body.dict())


@router.acts(
    "/learning/{learning_id}/strike",
    "workforce:register",
    gives=LearningShown,
    name="learning_strike",
    summary="作废学时",
)
def strike(request: ApiRequest, learning_id: Id) -> Learning:
    """Strike out a wrong record."""
    return posting.strike_learning(actor=request.actor, at=timezone.now(), learning_id=learning_id)
