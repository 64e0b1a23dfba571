"""One row in each register of the five societies, in the first community and about the named cast."""

from datetime import date

from tests.factories import people
from tests.factories.cast import World
from tests.factories.places import CENTRE, COMMUNITY, NOON
from wushe.foundation.actor import Actor
from wushe.registers.communities.models import Community, Seat, SeatKind, Term
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.desk.models import BulkChange, SavedView
from wushe.registers.donors.models import Donor, DonorKind
from wushe.registers.facilities.models import Facility, FacilityKind, Room
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.identity import phone_tail_index
from wushe.registers.volunteers.models import Post, PostHolder, Team, Volunteer
from wushe.registers.workforce.models import Worker, WorkerKind

SINCE = date(2024, 1, 1)
ADMIN = Actor(user_id=0, name="系统", role_code="district_manager", area_code="511602")


def social_worker(name: str = "陈卫国", *, area_code: str = COMMUNITY, **fields: object) -> Worker:
    """Return a social worker with a certificate that is registered until 2027."""
    values: dict[str, object] = {
        "level": "assistant", "certificate_number": "2024510001", "registered_on": date(2024, 9, 14),
        "qualification_until": date(2027, 9, 14), "qualification": "助理社会工作师", **fields,
    }  # fmt: skip
    someone = people.person(name, born_on=date(1990, 4, 4), area_code=area_code)
    return Worker.objects.create(
        person=someone, kind=WorkerKind.SOCIAL_WORKER, number=f"S{someone.pk:06d}", area_code=area_code,
        base_longitude=CENTRE[0], base_latitude=CENTRE[1], starts_on=SINCE, **values,
    )  # fmt: skip


def team(name: str = "翠屏路助老志愿服务队", *, area_code: str = COMMUNITY, **fields: object) -> Team:
    """Return a volunteer team."""
    return Team.objects.create(
        name=name, initials=initials_of_title(name), kind=Team.Kind.COMMUNITY, area_code=area_code, **fields
    )


def post(title: str = "助餐点帮手", *, area_code: str = COMMUNITY, places: int = 2, **fields: object) -> Post:
    """Return a standing post with places to fill."""
    return Post.objects.create(
        title=title, initials=initials_of_title(title), area_code=area_code, places=places, open_from=SINCE, **fields
    )


def facility(name: str = "翠屏养老照料中心", *, area_code: str = COMMUNITY, **fields: object) -> Facility:
    """Return a care centre that opens every day."""
    values: dict[str, object] = {
        "kind": FacilityKind.CARE_CENTRE,
        "functions": ["meal", "visit"],
        "capacity": 40,
        **fields,
    }
    return Facility.objects.create(
        name=name, initials=initials_of_title(name), area_code=area_code, longitude=CENTRE[0], latitude=CENTRE[1],
        opened_on=SINCE, phone="0826-2333333", **values,
    )  # fmt: skip


def room(facility: Facility, name: str = "101室", *, beds: int = 3, taken: int = 1) -> Room:
    """Return a room with beds."""
    return Room.objects.create(facility=facility, name=name, use=Room.Use.BEDROOM, care="full", beds=beds, taken=taken)


def community(name: str = "翠屏路社区", *, area_code: str = COMMUNITY, **fields: object) -> Community:
    """Return a community in the register."""
    return Community.objects.create(
        name=name, initials=initials_of_title(name), area_code=area_code, residents=400, households=150, **fields
    )


def seat(title: str = "3号楼楼门长", *, kind: str = SeatKind.BUILDING_HEAD, area_code: str = COMMUNITY) -> Seat:
    """Return a vacant seat."""
    return Seat.objects.create(
        title=title, initials=initials_of_title(title), kind=kind, area_code=area_code, since=SINCE
    )


def donor(
    name: str = "城南商贸公司", *, kind: str = DonorKind.COMPANY, area_code: str = COMMUNITY, **fields: object
) -> Donor:
    """Return a donor with a telephone."""
    return Donor.objects.create(
        name=name, initials=initials_of_title(name), kind=kind, area_code=area_code, since=SINCE,
        contact_phone="13908260099", phone_tail_index=phone_tail_index("13908260099"), **fields,
    )  # fmt: skip


def one_of_each(w: World) -> dict[str, int]:
    """Return the key of one row in each register, all of the first community; what organisation A has is its own."""
    place, volunteer = post(), Volunteer.objects.get(pk=w.volunteer.pk)
    PostHolder.objects.create(post=place, volunteer=volunteer, starts_on=SINCE)
    council = seat("兼职委员", kind=SeatKind.PART_TIME)
    Term.objects.create(seat=council, person=w.elder, unit=w.organisation, starts_on=SINCE)
    centre = facility(operator=w.organisation)
    room(centre)
    view = SavedView.objects.create(
        user_id=0, register="organisations", name="四A", query={"grade": "4A"}, shared=True, saved_at=NOON
    )
    change = BulkChange.objects.create(register="organisations", act="hub", user_id=0, at=NOON)
    return {
        "social_worker": social_worker(organisation=w.organisation).pk, "volunteer": volunteer.pk, "team": team().pk,
        "post": place.pk, "facility": centre.pk, "community": community().pk, "seat": council.pk, "donor": donor().pk,
        "organisation": Organisation.objects.get(pk=w.organisation.pk).pk, "saved_view": view.pk, "bulk_change": change.pk,
    }  # fmt: skip
