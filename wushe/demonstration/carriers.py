"""Carriers of the demonstration: organisations, stations, facilities, paid staff, volunteers, teams and posts."""

from datetime import date, timedelta
from typing import Any

from wushe.registers.facilities.models import Facility
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Post, PostHolder, Team, Volunteer
from wushe.registers.workforce.models import Skill, Worker, WorkerSkill

from .registers import furnish_facilities, furnish_organisations, furnish_worker, own_dice
from .source import World, read

# Carers work five days of seven in turn; volunteers come when they can.
WEEKDAYS = {
    "paid_carer": ["12345", "23456", "34567", "14567", "12567", "12367", "12347"],
    "social_worker": ["12345", "12345", "23456"],
    "volunteer": ["67", "1356", "246", "12345", "567"],
    "neighbour": ["1234567", "12345", "2467"],
}
STATION_SERVICES = ["S", "C", "D", "W", "R", "H4"]
VOLUNTEERS_WHO_VISIT = 120


def load_carriers(world: World) -> None:
    """Insert organisations, facilities, workers and volunteers."""
    _organisations(world)
    _facilities(world)
    _workers(world)
    _volunteers(world)


def _estate(world: World, community: str, code: str = "") -> dict[str, Any]:
    estates = world.estates[community]
    return next((e for e in estates if e["code"] == code), estates[0])


def _organisations(world: World) -> None:
    _registered(world)
    for row in read("organisations")["community_groups"]:
        world.organisations[row["code"]] = Organisation(
            area_code=row["community"],
            name=row["name"],
            kind="community_group",
            standing="filed",
            demonstration=True,
        )
    for row in read("members")["member_units"]:
        world.organisations[row["code"]] = Organisation(
            area_code=row["community"],
            name=row["name"],
            kind="member_unit",
            standing="mobilised",
            demonstration=True,
        )
    _stations(world)
    everyone = [*world.organisations.values(), *world.stations.values()]
    furnish_organisations(world, everyone)
    Organisation.objects.bulk_create(everyone, batch_size=400)


def _registered(world: World) -> None:
    for row in read("organisations")["organisations"]:
        spot = _estate(world, row["community"], row["estate"])
        staffed = row["paid_carers"] + row["social_workers"] > 0
        world.organisations[row["code"]] = Organisation(
            area_code=row["community"],
            name=row["name"],
            kind=row["kind"],
            standing="registered",
            grade=row["grade"] or "",
            hub=bool(row.get("hub")),
            serves=[row["street"] if row["serves"] == "street" else "511602"],
            services=row["services"],
            takes_orders=staffed and bool(row["services"]),
            longitude=spot["longitude"],
            latitude=spot["latitude"],
            joined_on=date.fromisoformat(row["registered"]),
            demonstration=True,
        )


def _stations(world: World) -> None:
    for street in sorted({unit["street"] for unit in read("district")["units"]}):
        name = next(s["name"] for s in read("district")["streets"] if s["code"] == street)
        first = min(unit["code"] for unit in read("district")["units"] if unit["street"] == street)
        spot = _estate(world, first)
        world.stations[street] = Organisation(
            area_code=street, name=f"{name}社工站（示范）", kind="station", standing="registered", serves=[street],
            services=STATION_SERVICES, takes_orders=True, longitude=spot["longitude"], latitude=spot["latitude"],
            joined_on=date(2021, 3, 1), demonstration=True,
        )  # fmt: skip


def _facilities(world: World) -> None:
    rows = []
    for row in read("facilities")["facilities"]:
        spot = _estate(world, row["community"], row["estate"])
        opens, closes = row["open_from"], row["open_to"]
        rows.append(
            Facility(
                area_code=spot["code"],
                name=row["name"],
                kind=row["kind"],
                functions=row["functions"],
                capacity=row["capacity"],
                longitude=spot["longitude"],
                latitude=spot["latitude"],
                opening=f"{opens // 60:02d}:{opens % 60:02d}–{closes // 60:02d}:{closes % 60:02d}",
                opened_on=date(2022, 5, 1),
                demonstration=True,
            )
        )
    furnish_facilities(world, rows)
    Facility.objects.bulk_create(rows, batch_size=400)


def _workers(world: World) -> None:
    """Hire the paid staff from among the adults: carers for the organisations, social workers for organisations and stations."""
    adults = [p for p in world.people["adults"] if 22 <= world.people["age"][p.pk] <= 58]
    world.dice.shuffle(adults)
    stations = list(world.stations.values())
    posts: list[tuple[str, Organisation]] = []
    # The first social workers are seconded to the street stations, two each (街道招聘、社区使用).
    seconded = iter([station for station in stations for _ in range(2)])
    for row in read("organisations")["organisations"]:
        employer = world.organisations[row["code"]]
        posts += [("paid_carer", employer)] * row["paid_carers"]
        posts += [("social_worker", next(seconded, employer)) for _ in range(row["social_workers"])]
    workers = [_worker(world, n, kind, adults.pop(), employer) for n, (kind, employer) in enumerate(posts, start=1)]
    visiting = world.dice.sample([p for p in adults if p.community_code], VOLUNTEERS_WHO_VISIT)
    for number, person in enumerate(visiting, start=len(workers) + 1):
        street = person.area_code[:9]
        kind = "neighbour" if world.chance(250) else "volunteer"
        workers.append(_worker(world, number, kind, person, world.stations[street]))
    dice = own_dice(world, "workers")
    for worker in workers:
        assert worker.organisation is not None
        furnish_worker(world, dice, worker, worker.organisation)
    Worker.objects.bulk_create(workers, batch_size=400)
    world.workers = workers
    _skills(world, workers)


def _worker(world: World, number: int, kind: str, person: Person, employer: Organisation) -> Worker:
    paid = kind in ("paid_carer", "social_worker")
    household = person.household
    assert household is not None
    home_longitude, home_latitude = household.longitude, household.latitude
    assert home_longitude is not None
    assert home_latitude is not None
    start = world.dice.choice([420, 450, 480, 480, 510, 630]) if paid else world.dice.choice([540, 840])
    mode_rows = [r for r in read("distributions")["travel_mode"] if r["who"] == (kind if paid else "volunteer")]
    mode = world.pick(mode_rows)["mode"]
    certificate = {"paid_carer": "养老护理员", "social_worker": "助理社会工作师"}.get(kind, "")
    if kind == "social_worker" and world.chance(350):
        certificate = "社会工作师"
    return Worker(
        area_code=employer.area_code[:9], person=person, kind=kind, organisation=employer, number=f"GA{number:04d}",
        travel_mode=mode, base_longitude=(employer.longitude or home_longitude) if paid else home_longitude,
        base_latitude=(employer.latitude or home_latitude) if paid else home_latitude, shift_start=start,
        shift_end=start + (570 if paid else 180), weekdays=world.dice.choice(WEEKDAYS[kind]),
        break_minutes=60 if paid else 0, week_cap_minutes=2640 if paid else 480,
        qualification=certificate if world.chance(800) else "",
        qualification_until=world.today + timedelta(days=world.dice.randint(-20, 900)) if certificate else None,
        starts_on=world.today - timedelta(days=world.dice.randint(120, 2000)), demonstration=True,
    )  # fmt: skip


def _skills(world: World, workers: list[Worker]) -> None:
    skills = {skill.code: skill for skill in Skill.objects.all()}
    tables = {
        "paid_carer": "skill_of_carers", "social_worker": "skill_of_social_workers",
        "volunteer": "skill_of_volunteers", "neighbour": "skill_of_volunteers",
    }  # fmt: skip
    rows = []
    for worker in workers:
        for row in read("distributions")[tables[worker.kind]]:
            if row["skill"] in skills and world.chance(row["permille"]):
                until = world.today + timedelta(days=world.dice.randint(20, 800)) if world.chance(500) else None
                rows.append(WorkerSkill(worker=worker, skill=skills[row["skill"]], valid_until=until))
    WorkerSkill.objects.bulk_create(rows, batch_size=400)


def _volunteers(world: World) -> None:
    teams: dict[str, list[Team]] = {}
    rows = []
    for row in read("members")["teams"]:
        team = Team(
            area_code=row["community"],
            name=row["name"],
            kind=row["kind"],
            speciality=row["specialty"],
            demonstration=True,
        )
        teams.setdefault(row["community"], []).append(team)
        rows.append(team)
    Team.objects.bulk_create(rows, batch_size=400)
    visiting = [w.person for w in world.workers if w.kind in ("volunteer", "neighbour")]
    hired = {w.person_id for w in world.workers}
    others = [p for p in world.people["adults"] if p.pk not in hired]
    chosen = visiting + world.dice.sample(others, read("district")["totals"]["volunteers"] - len(visiting))
    for number, person in enumerate(chosen, start=1):
        local = teams.get(person.area_code[:12]) or rows
        world.volunteers.append(
            Volunteer(
                area_code=person.area_code,
                number=f"V511602{number:06d}",
                person=person,
                team=world.dice.choice(local) if world.chance(850) else None,
                registered_on=world.today - timedelta(days=world.dice.randint(3, 1500)),
                demonstration=True,
            )
        )
    Volunteer.objects.bulk_create(world.volunteers, batch_size=400)
    _posts(world)


def _posts(world: World) -> None:
    """Set standing posts at the facilities and fill most of them; some stay short, many volunteers stay without."""
    titles = [("助餐点帮手", 6), ("陪伴聊天", 8), ("社工站接待", 4), ("图书角管理", 3), ("巡逻队", 10)]
    posts = []
    for facility in Facility.objects.order_by("id"):
        title, places = world.dice.choice(titles)
        posts.append(
            Post(
                area_code=facility.area_code,
                title=f"{facility.name.removesuffix('（示范）')}·{title}",
                places=places,
                open_from=world.today - timedelta(days=200),
                demonstration=True,
            )
        )
    Post.objects.bulk_create(posts)
    free = world.dice.sample(world.volunteers, len(world.volunteers))
    holders = []
    for post in posts:
        filled = post.places if world.chance(700) else world.dice.randint(0, post.places - 1)
        starts_on = world.today - timedelta(days=120)
        holders += [PostHolder(post=post, volunteer=free.pop(), starts_on=starts_on) for _ in range(filled)]
    PostHolder.objects.bulk_create(holders, batch_size=400)
