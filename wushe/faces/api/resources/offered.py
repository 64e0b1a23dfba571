"""The resource list 资源清单: what owners offer, on which conditions, and what is left."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.chain.resources.models import Resource as OfferedResource
from wushe.chain.resources.models import ResourceKind
from wushe.chain.resources.selectors import find_resources
from wushe.chain.resources.services import offer_resource
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import LARGEST, AreaCode, AreaFilter, Body, Day, Id, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import NotFound

router = Resource("资源")


class ResourceShown(Schema):
    """A line of the resource list."""

    id: int
    owner_id: int
    area_code: str
    kind: str
    title: str
    quantity: int
    left: int
    unit: str
    conditions: str
    available_from: date
    available_until: date | None


class ResourceFilter(Schema):
    """What the list is narrowed to."""

    kind: ResourceKind | None = None
    area_code: AreaFilter = ""
    text: Words = ""
    only_left: bool = False


class NewResource(Body):
    """What an owner offers."""

    owner_id: Id
    area_code: AreaCode
    kind: ResourceKind
    title: Words
    quantity: Annotated[int, Field(ge=1, le=LARGEST)]
    unit: Words
    available_from: Day
    available_until: Day | None = None
    conditions: Words = ""


@router.lists("/resources", "resources:view", item=ResourceShown, name="resource_list", summary="资源清单")
def resources(
    request: ApiRequest, where: Query[ResourceFilter], paging: Query[Paging]
) -> QuerySet[OfferedResource]:  # fmt: skip
    """List what owners offer."""
    return find_resources(
        actor=request.actor, on=timezone.localdate(), kind=where.kind or "", text=where.text,
        area_code=where.area_code, only_left=where.only_left,
    )  # fmt: skip


@router.reads("/resources/{resource_id}", "resources:view", gives=ResourceShown, name="resource", summary="一项资源")
def resource(request: ApiRequest, resource_id: Id) -> OfferedResource:
    """Show one line of the resource list."""
    found = find_resources(actor=request.actor, on=timezone.localdate()).filter(pk=resource_id).first()
    if found is None:
        raise NotFound
    return found


@router.acts("/resources", "resources:edit", gives=ResourceShown, status=201, name="resource_offer", summary="登记资源")
def offer(request: ApiRequest, body: NewResource) -> OfferedResource:
    """Put what an owner offers on the resource list."""
    return offer_resource(actor=request.actor, at=timezone.now(), **body.dict())
