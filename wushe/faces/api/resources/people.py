"""Residents: their register as far as the token's person sees it; a protected value only by its own recorded act."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import (
    AreaCode,
    AreaFilter,
    Body,
    Code,
    Day,
    Done,
    Id,
    InPlace,
    Latitude,
    Longitude,
    Masked,
    ShortCode,
    Words,
    told,
)
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging
from wushe.registers.people import bonds, consents, reviews, services
from wushe.registers.people.enums import ConsentPurpose, RevealField, RevealReason
from wushe.registers.people.models import AbilityLevel, Consent, Person, Relation, Sex, Tag
from wushe.registers.people.selectors import (
    consents_of,
    person_of,
    register_of_people,
    relations_of,
    tags_of,
    with_standing_tags,
)

router = Resource("居民")


class PersonLine(Schema):
    """A resident as a list shows one."""

    id: int
    name: str
    sex: str
    born_on: date
    area_code: str
    household_id: int | None
    id_number: Masked
    phone: Masked
    ability_level: int | None
    lives_alone: bool
    tags: list[str]

    @staticmethod
    def resolve_tags(person: Any) -> list[str]:
        """Return the codes of the categories that stand; sensitive ones are not in a list."""
        return [tag.kind.code for tag in getattr(person, "standing_tags", ())]


class TagShown(Schema):
    """A category of a person over a period."""

    id: int
    code: str
    title: str
    starts_on: date
    ends_on: date | None
    review_on: date | None

    @staticmethod
    def resolve_code(tag: Tag) -> str:
        """Return the code of the category."""
        return tag.kind.code

    @staticmethod
    def resolve_title(tag: Tag) -> str:
        """Return the title of the category."""
        return tag.kind.title


class RelationShown(Schema):
    """Who somebody is to a person."""

    id: int
    relative_id: int
    relative_name: str
    kind: str
    may_act: bool

    @staticmethod
    def resolve_relative_name(relation: Relation) -> str:
        """Return the relative's name."""
        return relation.relative.name


class ConsentShown(Schema):
    """What a person agreed to."""

    id: int
    purpose: str
    notice_version: str
    given_at: datetime
    given_by_id: int
    withdrawn_at: datetime | None


class PersonShown(PersonLine):
    """A resident with all that is on record."""

    address: Masked
    died_on: date | None
    moved_out_on: date | None
    all_tags: list[TagShown]
    relations: list[RelationShown]
    consents: list[ConsentShown]

    @staticmethod
    def resolve_tags(person: Any) -> list[str]:
        """Return the codes of the categories that stand."""
        return [tag.kind.code for tag in tags_of(person=person, sensitive=True) if tag.ends_on is None]

    @staticmethod
    def resolve_address(person: Person) -> str:
        """Return that an address is on record."""
        return str(person.household.address) if person.household else ""

    @staticmethod
    def resolve_all_tags(person: Person) -> list[Tag]:
        """Return every category that the person has or had."""
        return list(tags_of(person=person, sensitive=True))

    @staticmethod
    def resolve_relations(person: Person) -> list[Relation]:
        """Return the relatives."""
        return list(relations_of(person=person))

    @staticmethod
    def resolve_consents(person: Person) -> list[Consent]:
        """Return the consents."""
        return list(consents_of(person=person))


class PeopleFilter(Schema):
    """What the register is narrowed to."""

    text: Words = ""
    tag_code: Code = ""
    area_code: AreaFilter = ""


class NewPerson(Body):
    """A resident to be registered."""

    name: Words
    sex: Sex
    born_on: Day
    area_code: AreaCode
    id_number: Words = ""
    phone: Words = ""
    address: Words = ""
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    household_id: Id | None = None


class PersonChange(Body):
    """What is changed of a resident; what is not named stays."""

    name: Words | None = None
    sex: Sex | None = None
    born_on: Day | None = None
    area_code: AreaCode | None = None
    id_number: Words | None = None
    phone: Words | None = None
    address: Words | None = None
    ability_level: AbilityLevel | None = None
    lives_alone: bool | None = None


class Reveal(Body):
    """Which protected value is looked at, and why."""

    field: RevealField
    reason: RevealReason


class Revealed(Schema):
    """A protected value in plain text."""

    field: str
    value: str


class NewTag(Body):
    """A category to be given."""

    tag_code: Code
    starts_on: Day
    evidence: Words = ""


class TagEnd(Body):
    """The day on which a category ends."""

    ends_on: Day


class NewRelation(Body):
    """Who somebody is to the person."""

    relative_id: Id
    kind: Annotated[Relation.Kind, InPlace]
    may_act: bool = False


class NewConsent(Body):
    """What the person agrees to, and through whom."""

    purpose: ConsentPurpose
    notice_version: ShortCode
    given_by_id: Id


class Withdrawal(Body):
    """What the person no longer agrees to."""

    purpose: ConsentPurpose


class Review(Body):
    """Whether a category still holds, and by what it is known."""

    holds: bool
    evidence: Words = ""


_NULLABLE = {"ability_level"}


@router.lists("/people", "registers:view", item=PersonLine, name="people_list", summary="居民登记册")
def people(request: ApiRequest, where: Query[PeopleFilter], paging: Query[Paging]) -> QuerySet[Person]:
    """Find residents by part of a name, initials, the tail of a telephone or a whole ID number."""
    found = register_of_people(actor=request.actor, text=where.text, tag_code=where.tag_code, area_code=where.area_code)
    return with_standing_tags(found)


@router.reads("/people/{person_id}", "registers:view", gives=PersonShown, name="person", summary="一位居民")
def person(request: ApiRequest, person_id: Id) -> Person:
    """Show one resident with categories, relatives and consents."""
    return person_of(actor=request.actor, person_id=person_id)


@router.acts("/people", "people:edit", gives=PersonShown, status=201, name="person_register", summary="登记居民")
def register(request: ApiRequest, body: NewPerson) -> Person:
    """Register a resident."""
    made = services.register_person(actor=request.actor, at=timezone.now(), **body.dict())
    return person_of(actor=request.actor, person_id=made.pk)


@router.acts(
    "/people/{person_id}", "people:edit", gives=PersonShown, method="PATCH", name="person_update", summary="更新居民资料",
)  # fmt: skip
def update(request: ApiRequest, person_id: Id, body: PersonChange) -> Person:
    """Change what is named of a resident."""
    changes: Any = told(body, *_NULLABLE)
    services.update_person(actor=request.actor, at=timezone.now(), person_id=person_id, changes=changes)
    return person_of(actor=request.actor, person_id=person_id)


@router.acts(
    "/people/{person_id}/reveal",
    "people:reveal",
    gives=Revealed,
    name="person_reveal",
    summary="查看一项原文（留记录）",
)
def reveal(request: ApiRequest, person_id: Id, body: Reveal) -> dict[str, str]:
    """Look at one protected value; who looked at what and why is recorded."""
    value = services.reveal(
        actor=request.actor, at=timezone.now(), person_id=person_id, field=body.field, reason=body.reason
    )
    return {"field": body.field, "value": value}


@router.acts(
    "/people/{person_id}/tags", "people:edit", gives=TagShown, status=201, name="person_tag", summary="添加人群标签"
)
def tag(request: ApiRequest, person_id: Id, body: NewTag) -> Tag:
    """Give a resident a category from a day on."""
    return bonds.set_tag(actor=request.actor, at=timezone.now(), person_id=person_id, **body.dict())


@router.acts("/tags/{tag_id}/review", "people:edit", gives=TagShown, name="tag_review", summary="复核人群标签")
def review(request: ApiRequest, tag_id: Id, body: Review) -> Tag:
    """Look at a category again: it holds until its next review, or it ends today."""
    return reviews.review_tag(actor=request.actor, at=timezone.now(), tag_id=tag_id, **body.dict())


@router.acts("/tags/{tag_id}/end", "people:edit", gives=TagShown, name="person_untag", summary="结束人群标签")
def untag(request: ApiRequest, tag_id: Id, body: TagEnd) -> Tag:
    """End a category on a day."""
    return bonds.end_tag(actor=request.actor, at=timezone.now(), tag_id=tag_id, ends_on=body.ends_on)


@router.acts(
    "/people/{person_id}/relations", "people:edit", gives=RelationShown, status=201, name="person_relate",
    summary="登记亲属关系",
)  # fmt: skip
def relate(request: ApiRequest, person_id: Id, body: NewRelation) -> Relation:
    """Say who somebody is to a resident, and whether they may act."""
    return bonds.relate(actor=request.actor, at=timezone.now(), person_id=person_id, **body.dict())


@router.acts(
    "/people/{person_id}/consents", "people:edit", gives=ConsentShown, status=201, name="person_consent",
    summary="登记同意",
)  # fmt: skip
def consent(request: ApiRequest, person_id: Id, body: NewConsent) -> Consent:
    """Record what a resident agrees to."""
    return consents.give_consent(actor=request.actor, at=timezone.now(), person_id=person_id, **body.dict())


@router.acts(
    "/people/{person_id}/consents/withdraw", "people:edit", gives=Done, name="person_withdraw", summary="撤回同意"
)
def withdraw(request: ApiRequest, person_id: Id, body: Withdrawal) -> dict[str, int]:
    """Withdraw what a resident agreed to."""
    count = consents.withdraw_consent(
        actor=request.actor, at=timezone.now(), person_id=person_id, purpose=body.purpose
    )  # fmt: skip
    return {"count": count}


@router.acts(
    "/people/{person_id}/relations/{relation_id}/end", "people:edit", gives=PersonShown, name="relation_end",
    summary="删除亲属关系",
)  # fmt: skip
def end_relation(request: ApiRequest, person_id: Id, relation_id: Id) -> Person:
    """Strike out a relation."""
    bonds.end_relation(actor=request.actor, at=timezone.now(), person_id=person_id, relation_id=relation_id)
    return person_of(actor=request.actor, person_id=person_id)
