"""Door-knocks for tests: a published form, a campaign over a few homes, and what phones send."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.factories import people
from tests.factories.cast import World, actor_of, user_of
from tests.factories.places import CENTRE, COMMUNITY, NOON, TODAY
from tests.factories.visits import photo as picture
from tests.registers.forms.asking import household_visit
from wushe.foundation.devices.services import see_device
from wushe.practice.door_knock import services
from wushe.practice.door_knock.models import Campaign, TagProposal, Target
from wushe.practice.door_knock.photos import add_photo
from wushe.practice.door_knock.services import PhoneReport
from wushe.registers.forms.models import FormVersion
from wushe.registers.forms.services import create_form, publish_version
from wushe.registers.people.models import Household


def published(title: str = "入户走访", questions: list[dict[str, Any]] | None = None) -> FormVersion:
    """Return a published version of a form of the street."""
    actor = actor_of("social_worker")
    draft = create_form(actor=actor, at=NOON, title=title, questions=questions or household_visit())
    return publish_version(actor=actor, at=NOON, form_id=draft.form_id)


def home(number: int, *, building: int = 1, name: str = "李秀英", area_code: str = COMMUNITY) -> Household:
    """Return a home with one elder in it."""
    place = people.household(
        area_code=area_code, address=f"阳光花园{building}栋{number // 100}单元{number}室",
        longitude=CENTRE[0] + building / 1000, latitude=CENTRE[1],
    )  # fmt: skip
    people.person(name, home=place, area_code=area_code)
    return place


def campaign(*, workers: tuple[str, ...] = ("community_worker",), **given: Any) -> Campaign:
    """Return a campaign over all households of the first community."""
    version = given.pop("version", None) or published()
    values: dict[str, Any] = {
        "title": "秋季敲门行动", "version_id": version.pk, "aim": "households", "area_code": COMMUNITY, "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=14), "worker_ids": [user_of(name).pk for name in workers], **given,
    }  # fmt: skip
    return services.open_campaign(actor=actor_of("social_worker"), at=NOON, **values)


def said(outcome: str = "reached", *, at: datetime = NOON, client_id: UUID | None = None, **given: Any) -> PhoneReport:
    """Return a report of a phone."""
    values: dict[str, Any] = {"device": "phone-a", "turn": 1, "sent_at": at, **given}
    if outcome == "reached":
        values.setdefault("answers", {"alone": "no"})
    return PhoneReport(client_id=client_id or uuid4(), outcome=outcome, device_at=at, **values)


def send(target: Target, report: PhoneReport, *, who: str = "community_worker", at: datetime = NOON) -> Target:
    """Let a phone's report arrive."""
    return services.take_report(actor=actor_of(who), at=at, target_id=target.pk, report=report)


def knocked(w: World) -> dict[str, int | str]:
    """Return the keys of a campaign with a door that two phones describe differently, and of what came of it."""
    actor = actor_of("community_worker")
    version = published()
    draft = create_form(actor=actor, at=NOON, title="夏季防暑走访", area_code=COMMUNITY, questions=household_visit())
    form = create_form(actor=actor, at=NOON, title="冬季取暖走访", area_code=COMMUNITY, questions=household_visit())
    publish_version(actor=actor, at=NOON, form_id=form.form_id)
    one = campaign(version=version, area_code=COMMUNITY)
    door = one.targets.get(household=w.elder.household)
    answers = {
        "alone": "yes",
        "needs": [{"id": "r1", "words": "想请人理发"}],
        "danger": "楼道堆了杂物",
        "offer": "会修小家电",
    }
    neighbour = w.elder.household.members.exclude(pk=w.elder.pk).first() or w.elder
    send(door, said(answers=answers, person_id=neighbour.pk))
    send(door, said(answers={"alone": "no"}, device="phone-b"))
    photo = add_photo(actor=actor, at=NOON, target_id=door.pk, client_id=uuid4(), content=picture(), taken_at=NOON)
    phone = see_device(actor=actor, at=NOON, key="phone-a", label="安卓手机")
    return {
        "device": phone.pk if phone else 0, "campaign": one.pk, "door": door.pk, "door_photo": photo.pk,
        "form": form.form_id, "draft_form": draft.form_id,
        "list_line": door.lines.earliest("pk").pk, "proposal": TagProposal.objects.earliest("pk").pk,
    }  # fmt: skip
