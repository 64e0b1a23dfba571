"""Donors: who gives money, goods, venues or expertise; a telephone is masked, and a name that is not to be public stays here."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, Body, Day, Id, Masked, Words, told
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.foundation.errors import NotFound
from wushe.registers.donors import services
from wushe.registers.donors.models import Donor, DonorKind
from wushe.registers.donors.selectors import donors_at

router = Resource("捐赠人")


class DonorShown(Schema):
    """A donor."""

    id: int
    name: str
    kind: str
    area_code: str
    organisation_id: int | None
    unnamed: bool
    contact_name: str
    contact_phone: Masked
    wishes: str
    since: date
    ended_on: date | None


class NewDonor(Body):
    """A donor to be entered."""

    name: Words
    kind: DonorKind
    area_code: AreaCode


class DonorChange(Body):
    """What is changed of a donor; what is not named stays. An organisation of null is none."""

    name: Words | None = None
    kind: DonorKind | None = None
    area_code: AreaCode | None = None
    organisation_id: Id | None = None
    unnamed: bool | None = None
    contact_name: Words | None = None
    contact_phone: Words | None = None
    wishes: Words | None = None


class DonorEnd(Body):
    """The day from which a donor gives no more."""

    ended_on: Day


@router.lists("/donors", "resources:view", item=DonorShown, name="donor_list", summary="捐赠人")
def donors(request: ApiRequest, paging: Query[Paging]) -> QuerySet[Donor]:
    """List the donors that still give."""
    return donors_at(actor=request.actor)


@router.reads("/donors/{donor_id}", "resources:view", gives=DonorShown, name="donor", summary="一位捐赠人")
def donor(request: ApiRequest, donor_id: Id) -> Donor:
    """Show one donor that still gives."""
    found = donors_at(actor=request.actor).filter(pk=donor_id).first()
    if found is None:
        raise NotFound
    return found


@router.acts("/donors", "resources:edit", gives=DonorShown, status=201, name="donor_enter", summary="登记捐赠人")
def enter(request: ApiRequest, body: NewDonor) -> Donor:
    """Enter a donor at a place of the token's area."""
    return services.enter_donor(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/donors/{donor_id}", "resources:edit", gives=DonorShown, method="PATCH", name="donor_update", summary="更新捐赠人"
)
def update(request: ApiRequest, donor_id: Id, body: DonorChange) -> Donor:
    """Change what is named of a donor."""
    changes = told(body, "organisation_id")
    return services.update_donor(actor=request.actor, at=timezone.now(), donor_id=donor_id, changes=changes)


@router.acts("/donors/{donor_id}/end", "resources:edit", gives=DonorShown, name="donor_end", summary="停止捐赠")
def end(request: ApiRequest, donor_id: Id, body: DonorEnd) -> Donor:
    """Record that a donor gives no more from a day on."""
    return services.end_donor(actor=request.actor, at=timezone.now(), donor_id=donor_id, ended_on=body.ended_on)


@router.acts("/donors/{donor_id}/return", "resources:edit", gives=DonorShown, name="donor_return", summary="恢复捐赠")
def come_back(request: ApiRequest, donor_id: Id) -> Donor:
    """Take back that a donor stopped."""
    return services.return_donor(actor=request.actor, at=timezone.now(), donor_id=donor_id)
