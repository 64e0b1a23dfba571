"""What fills the registers of the demonstration: certificates, codes, rooms, councils, skills and donors, all invented.

It has dice of its own, so that what it draws leaves the people, orders and plans of the district as they were.
"""

import random
from datetime import date, timedelta
from typing import Any

from stdnum.cn.uscc import calc_check_digit

from wushe.chain.resources.models import Resource
from wushe.registers.communities.models import Community, Seat, SeatKind, Term
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.donors.models import Donor
from wushe.registers.facilities.models import Facility, Room
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.identity import phone_tail_index
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Post, Team, Volunteer, VolunteerSkill
from wushe.registers.workforce.models import Learning, Skill, Worker

from .source import World, read

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_KINDS = {"social_organisation": "52", "charity": "53", "social_enterprise": "91", "station": "12"}
_COURSES = ["老年社会工作实务", "个案管理与转介", "社会工作伦理", "困境儿童保护", "社区工作方法", "社工督导技巧"]
_ROLES = {
    SeatKind.PARTY_MEMBER: 3, SeatKind.COMMUNITY_WORKER: 2, SeatKind.BUILDING_HEAD: 6, SeatKind.GRID_WORKER: 2,
    SeatKind.VOLUNTEER: 2, SeatKind.GROUP_MEMBER: 1, SeatKind.OWNERS: 1, SeatKind.SOCIAL_WORKER: 1,
}  # fmt: skip
_SPECIALITIES = {
    "care": "敬老助残", "children": "关爱儿童", "culture": "文化文艺", "driving": "接送出行", "emergency": "应急抢险",
    "environment": "环境整治", "health": "健康服务", "law": "法治宣传", "meals": "助餐送餐", "mediation": "矛盾调解",
    "repair": "便民维修", "smartphone": "智能手机教学",
}  # fmt: skip
_TEAM_FIELDS = ["initials", "speciality", "emergency", "leader", "founded_on", "organisation"]
_GIVERS = [
    ("城南商贸公司（示范）", "company"),
    ("广安区工商联（示范）", "unit"),
    ("爱心企业家协会（示范）", "organisation"),
]


def own_dice(world: World, part: str) -> random.Random:
    """Return dice for one part, the same for the same district."""
    return random.Random(f"{read('district')['seed']} {part}")  # noqa: S311 — a seed, not a secret


def furnish_organisations(world: World, organisations: list[Organisation]) -> None:
    """Give organisations codes, contacts, staff and entry agreements, before they are inserted."""
    dice, names = own_dice(world, "organisations"), read("names")["surnames"]
    rows = {row["name"]: row for key in ("organisations", "community_groups") for row in read("organisations")[key]}
    for number, one in enumerate(organisations, start=1):
        row = rows.get(one.name, {})
        one.initials = initials_of_title(one.name)
        if one.kind in _KINDS:
            body = f"{_KINDS[one.kind]}511602" + "".join(dice.choice(ALPHABET) for _ in range(9))
            one.uscc = body + calc_check_digit(body)
        telephone = f"100{dice.randint(0, 99_999_999):08d}"
        one.contact_name = dice.choice(names)["name"] + dice.choice(["主任", "老师", "经理"])
        one.contact_phone, one.phone_tail_index = telephone, phone_tail_index(telephone)  # type: ignore[assignment]
        one.full_time = row.get("paid_carers", 0) + row.get("social_workers", 0) or (3 if one.kind == "station" else 0)
        one.certified = min(one.full_time, row.get("social_workers", 0) or (2 if one.kind == "station" else 0))
        one.members = row.get("members", 0)
        if row.get("settled_communities"):
            one.seats = 2 * len(row["settled_communities"])
            one.agreement_until = world.today + timedelta(days=dice.randint(-30, 700))
        if one.grade and one.joined_on:
            one.graded_on = date(world.today.year - 1 - number % 3, 11, 20)
        if one.kind == "community_group" and dice.random() < 0.3:
            one.standing = "cultivated"


def furnish_facilities(world: World, facilities: list[Facility]) -> None:
    """Give facilities telephones, stars and operators, before they are inserted."""
    dice = own_dice(world, "facilities")
    operators: dict[str, list[Organisation]] = {}
    for organisation in world.organisations.values():
        if organisation.takes_orders:
            operators.setdefault(organisation.area_code[:9], []).append(organisation)
    for one in facilities:
        street = one.area_code[:9]
        one.initials = initials_of_title(one.name)
        one.phone = f"0826-2{dice.randint(100_000, 999_999)}"
        one.weekdays = "12345" if one.kind.endswith("station") else "1234567"
        one.star = dice.randint(3, 5) if one.kind == "service_complex" else dice.choice([0, 0, 0, 2, 3, 4])
        near = operators.get(street)
        one.operator = world.stations.get(street) if one.kind == "street_station" or not near else dice.choice(near)


def furnish_worker(world: World, dice: random.Random, worker: Worker, employer: Organisation) -> None:
    """Give a social worker a certificate and, if a station employs them, a community to work in."""
    if worker.kind != "social_worker":
        return
    if worker.qualification:
        worker.level = "professional" if worker.qualification == "社会工作师" else "assistant"
        worker.certificate_number = f"{world.today.year - 3}{dice.randint(10**10, 10**11 - 1)}"
        # The registration holds for three years.
        worker.registered_on = (worker.qualification_until or world.today) - timedelta(days=3 * 365)
    else:
        worker.qualification_until = None
    if employer.kind == "station":
        inside = [unit["code"] for unit in read("district")["units"] if unit["street"] == employer.area_code]
        worker.area_code = dice.choice(inside)


def load_registers(world: World) -> int:
    """Insert what stands beside the carriers; return how many communities there are."""
    _supervise(world)
    _rooms(world)
    _volunteers(world)
    communities = _communities(world)
    _donors(world)
    return communities


def _supervise(world: World) -> None:
    dice = own_dice(world, "learning")
    social = [worker for worker in world.workers if worker.kind == "social_worker"]
    seniors = [worker for worker in social if worker.level == "professional"] or social[:3]
    for worker in social:
        others = [one for one in seniors if one.pk != worker.pk]
        if worker not in seniors and dice.random() < 0.85:
            worker.supervisor = dice.choice(others)
    Worker.objects.bulk_update(social, ["supervisor"], batch_size=200)
    Learning.objects.bulk_create(
        [
            Learning(
                worker=worker, kind=kind, title=dice.choice(_COURSES) if kind == "education" else "个别督导",
                on=world.today - timedelta(days=dice.randint(5, 700 if kind == "education" else 300)),
                minutes=60 * (dice.choice([4, 6, 8]) if kind == "education" else 2),
            )
            for worker in social
            for kind, most in (("education", 12), ("supervision", 6))
            for _ in range(dice.randint(1, most))
        ],
        batch_size=500,
    )  # fmt: skip


def _rooms(world: World) -> None:
    dice, rooms = own_dice(world, "rooms"), []
    facilities = list(Facility.objects.order_by("id"))
    guides = [one for one in facilities if one.kind == "care_centre"]
    for one in facilities:
        if one.kind in ("care_centre", "day_care", "care_station"):
            stays = 8 if one.kind == "care_centre" else 3
            for number in range(1, stays + 1):
                beds = dice.choice([2, 3, 4])
                rooms.append(Room(
                    facility=one, name=f"{100 + number}室", use="bedroom" if one.kind == "care_centre" else "day_room",
                    care=dice.choice(["self", "partial", "full"]), beds=beds, taken=dice.randint(0, beds),
                ))  # fmt: skip
        if one.kind in ("meal_point", "care_centre", "service_complex"):
            rooms.append(Room(facility=one, name="老年食堂", use="canteen", holds=one.capacity or 40))
        if one.kind in ("service_complex", "street_station", "community_station"):
            rooms.append(Room(facility=one, name="议事室", use="meeting", holds=20))
            rooms.append(Room(facility=one, name="活动室", use="games", holds=30))
        if one.kind == "care_station" and guides:
            one.guide = dice.choice(guides)
    Room.objects.bulk_create(rooms, batch_size=500)
    Facility.objects.bulk_update([one for one in facilities if one.guide_id], ["guide"], batch_size=200)


def _volunteers(world: World) -> None:
    """Give volunteers earlier hours, insurance and skills, and each team a leader."""
    dice, skills = own_dice(world, "volunteers"), list(Skill.objects.order_by("id"))
    known = []
    for one in world.volunteers:
        one.earlier_minutes = 60 * dice.choice([0, 0, 5, 12, 30, 60, 110, 150, 320, 640])
        one.insured_until = world.today + timedelta(days=dice.randint(-60, 400)) if dice.random() < 0.7 else None
        for skill in dice.sample(skills, dice.choice([0, 1, 1, 2, 3])):
            level = dice.choice([1, 1, 1, 2, 2, 3])
            trained = world.today - timedelta(days=dice.randint(20, 600)) if level > 1 else None
            known.append(VolunteerSkill(volunteer=one, skill=skill, level=level, trained_on=trained))
    Volunteer.objects.bulk_update(world.volunteers, ["earlier_minutes", "insured_until"], batch_size=400)
    VolunteerSkill.objects.bulk_create(known, batch_size=500)
    leaders: dict[int, Volunteer] = {}
    for one in world.volunteers:
        if one.team_id:
            leaders.setdefault(one.team_id, one)
    rows = {row["name"]: row for row in read("members")["teams"]}
    teams = list(Team.objects.order_by("id"))
    for team in teams:
        team.initials, team.emergency = initials_of_title(team.name), bool(rows.get(team.name, {}).get("emergency"))
        team.speciality = _SPECIALITIES.get(team.speciality, team.speciality)
        team.leader, team.founded_on = leaders.get(team.pk), world.today - timedelta(days=dice.randint(200, 3000))
        team.organisation = world.stations.get(team.area_code[:9]) if team.kind == "community" else None
    Team.objects.bulk_update(teams, _TEAM_FIELDS, batch_size=200)
    _posts(dice)


def _posts(dice: random.Random) -> None:
    """Give posts their shifts and the facility whose name they bear."""
    places = {one.name.removesuffix("（示范）"): one for one in Facility.objects.all()}
    posts = list(Post.objects.order_by("id"))
    for post in posts:
        post.initials = initials_of_title(post.title)
        post.facility = places.get(post.title.rpartition("·")[0])
        post.weekdays = dice.choice(["12345", "1234567", "67", "135"])
        post.shift_start = dice.choice([480, 540, 630, 840])
        post.shift_end = post.shift_start + dice.choice([90, 120, 180])
    Post.objects.bulk_update(
        posts, ["initials", "facility", "weekdays", "shift_start", "shift_end"], batch_size=200
    )  # fmt: skip


def _communities(world: World) -> int:
    dice = own_dice(world, "communities")
    people: dict[str, list[Person]] = {}
    for person in world.people["adults"]:
        people.setdefault(person.area_code[:12], []).append(person)
    units: dict[str, list[Organisation]] = {}
    for organisation in world.organisations.values():
        if organisation.kind == "member_unit":
            units.setdefault(organisation.area_code, []).append(organisation)
    communities, seats, terms = [], [], []
    for row in read("district")["units"]:
        code, here = row["code"], units.get(row["code"], [])
        since = world.today - timedelta(days=dice.randint(300, 1800))
        communities.append(Community(
            area_code=code, name=row["name"], initials=initials_of_title(row["name"]), urban=row["urban"],
            residents=row["residents"], households=max(1, row["residents"] * 10 // 27),
            phone=f"0826-2{dice.randint(100_000, 999_999)}", office=f"{row['name']}党群服务中心",
            council_since=since if here else None, demonstration=True,
        ))  # fmt: skip
        free = dice.sample(people[code], min(len(people[code]), 60))
        for seat, unit in _seats(code, since, here):
            seats.append(seat)
            if dice.random() < 0.85 and free:
                starts = since + timedelta(days=dice.randint(0, 200))
                terms.append(Term(seat=seat, person=free.pop(), unit=unit, starts_on=min(starts, world.today)))
    Community.objects.bulk_create(communities, batch_size=200)
    Seat.objects.bulk_create(seats, batch_size=500)
    Term.objects.bulk_create(terms, batch_size=500)
    return len(communities)


def _seats(code: str, since: date, units: list[Organisation]) -> list[tuple[Seat, Organisation | None]]:
    """Return the seats of one community: a council where there are member units, and the backbone everywhere."""
    found: list[tuple[Seat, Organisation | None]] = []

    def add(kind: SeatKind, title: str, unit: Organisation | None = None) -> None:
        row = Seat(
            area_code=code, kind=kind, title=title, initials=initials_of_title(title), since=since, demonstration=True
        )
        found.append((row, unit))

    if units:
        add(SeatKind.SECRETARY, "大党委书记")
        add(SeatKind.DEPUTY, "大党委副书记")
        for number in (1, 2):
            add(SeatKind.MEMBER, f"大党委委员（{number}）")
        for unit in units[:4]:
            add(SeatKind.PART_TIME, f"兼职委员（{unit.name.removesuffix('（示范）')}）", unit)
        for unit in units[4:7]:
            add(SeatKind.UNIT_LIAISON, f"联络员（{unit.name.removesuffix('（示范）')}）", unit)
    for kind, places in _ROLES.items():
        for number in range(1, places + 1):
            title = f"{number}号楼楼门长" if kind is SeatKind.BUILDING_HEAD else f"{kind.label}{number}"
            add(kind, title)
    return found


def _donors(world: World) -> None:
    """Enter donors, and name one for a part of what is money or goods."""
    dice = own_dice(world, "donors")
    adults: list[Any] = dice.sample(world.people["adults"], 12)
    rows = [
        Donor(
            name=person.name, kind="person", area_code=person.area_code[:12], unnamed=dice.random() < 0.5, wishes=wish
        )
        for person, wish in zip(adults, ["资助困境儿童上学", "给独居老人添冬衣", "", "不限用途"] * 3, strict=True)
    ]
    streets = sorted(world.stations)
    rows += [Donor(name=name, kind=kind, area_code=dice.choice(streets), wishes="不限用途") for name, kind in _GIVERS]
    for row in rows:
        telephone = f"100{dice.randint(0, 99_999_999):08d}"
        row.contact_phone, row.phone_tail_index = telephone, phone_tail_index(telephone)  # type: ignore[assignment]
        row.initials, row.since, row.demonstration = (
            initials_of_title(row.name),
            world.today - timedelta(days=100),
            True,
        )
    Donor.objects.bulk_create(rows)
    resources = list(Resource.objects.order_by("id"))
    for one in resources:
        one.initials = initials_of_title(one.title)
        if one.kind in ("funds", "goods") and dice.random() < 0.6:
            one.donor = dice.choice(rows)
        if dice.random() < 0.4:
            one.available_until = world.today + timedelta(days=dice.randint(-20, 300))
    Resource.objects.bulk_update(resources, ["initials", "donor", "available_until"], batch_size=200)
