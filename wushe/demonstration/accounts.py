"""Accounts of the demonstration: one for each worker, one log-in for each role that a visitor can try."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import Count

from wushe.chain.dispatch.models import Appointment
from wushe.chain.orders.models import Answer, Offer
from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import Actor
from wushe.registers.areas.models import Area, Level
from wushe.registers.people.models import Person, Relation

from .history import Cast
from .source import World

PASSWORD = "wushe2026"  # noqa: S105 — of the demonstration alone, printed at its start
DISTRICT = "511602"


@dataclass(frozen=True)
class SignIn:
    """A log-in that the demonstration prints."""

    username: str
    role_code: str
    what: str


SIGN_INS = [
    SignIn("shequ", "community_worker", "登记、研判、链接、点单"),
    SignIn("shegong", "social_worker", "街道社工站：需求与项目"),
    SignIn("diaodu", "dispatcher", "指挥调度中心：排班、改派、临时调整"),
    SignIn("jigou", "organisation_manager", "机构接单、派人、看结算"),
    SignIn("huli", "carer", "护理员手机页：今日服务、签到"),
    SignIn("zhiyuan", "volunteer", "志愿者手机页"),
    SignIn("jumin", "resident", "居民点单、替父母点单、评价"),
    SignIn("zhikong", "verifier", "核验与电话回访"),
    SignIn("jiesuan", "settlement_clerk", "结算与账本"),
    SignIn("cishan", "charity_officer", "慈善资源"),
    SignIn("jiedao", "street_manager", "街道总览：哪里断了链"),
    SignIn("quju", "district_manager", "全区总览、政策数值"),
    SignIn("shenji", "auditor", "操作日志与台账核验"),
    SignIn("zhanghao", "account_admin", "账号与授权"),
]


class _Book:
    """Accounts with the grant of each, gathered first and saved together."""

    def __init__(self, world: World) -> None:
        self._valid_from = world.today - timedelta(days=400)
        self._places = dict(Area.objects.filter(level__lte=Level.COMMUNITY).values_list("area_code", "name"))
        self._employers = {o.pk: o.name for o in [*world.organisations.values(), *world.stations.values()]}
        self._accounts: list[tuple[User, Grant]] = []

    def add(self, username: str, name: str, role: str, area: str, password: str = "", **ids: int) -> User:
        user = User(username=username, name=name, password=password or "!")
        title = self._employers.get(ids.get("organisation_id", 0)) or self._places.get(area, "")
        grant = Grant(role_code=role, area_code=area, title=title, valid_from=self._valid_from, **ids)
        self._accounts.append((user, grant))
        return user

    def save(self) -> dict[str, Actor]:
        """Save all and return who acts under each user name."""
        User.objects.bulk_create([user for user, _ in self._accounts], batch_size=400)
        for user, grant in self._accounts:
            grant.user_id = user.pk
        Grant.objects.bulk_create([grant for _, grant in self._accounts], batch_size=400)
        return {user.username: actor_of(user, grant) for user, grant in self._accounts}


def load_accounts(world: World) -> Cast:
    """Open the accounts and return who acts in the history."""
    first_street, first_community = _places()
    hashed = make_password(PASSWORD)
    book = _Book(world)
    add = book.add
    streets = sorted(world.stations)
    officers = {street: add(f"sw{street}", _name(world), "social_worker", street) for street in streets}
    fixed = {
        "shequ": first_community, "shegong": first_street, "diaodu": DISTRICT, "zhikong": DISTRICT, "jiesuan": DISTRICT,
        "cishan": DISTRICT, "jiedao": first_street, "quju": DISTRICT, "shenji": DISTRICT, "zhanghao": DISTRICT,
    }  # fmt: skip
    signs = {
        s.username: add(s.username, _name(world), s.role_code, fixed[s.username], hashed)
        for s in SIGN_INS
        if s.username in fixed
    }
    managers: dict[int, User] = {}
    for organisation in [*world.organisations.values(), *world.stations.values()]:
        if organisation.takes_orders:
            managers[organisation.pk] = add(
                f"org{organisation.pk}", _name(world), "organisation_manager", organisation.area_code,
                organisation_id=organisation.pk,
            )  # fmt: skip
    performers: dict[int, User] = {}
    for worker in world.workers:
        role = "carer" if worker.kind in ("paid_carer", "social_worker") else "volunteer"
        performers[worker.pk] = add(
            worker.number.lower(), worker.person.name, role, worker.area_code,
            organisation_id=worker.organisation_id, holder_id=worker.pk,
        )  # fmt: skip
    actors = book.save()
    world.performers = {pk: actors[user.username] for pk, user in performers.items()}
    return Cast(
        community={street: actors[user.username] for street, user in officers.items()},
        dispatcher=actors[signs["diaodu"].username],
        organisation={pk: actors[user.username] for pk, user in managers.items()},
        verifier=actors[signs["zhikong"].username],
    )


def actor_of(user: User, grant: Grant) -> Actor:
    """Return the actor of an account under its grant."""
    return Actor(user.pk, user.name, grant.role_code, grant.area_code, grant.organisation_id, grant.holder_id, grant.pk)


def open_log_ins(world: World) -> None:
    """Open the log-ins that want a full day: of an organisation, a carer, a volunteer, and an elder's daughter."""
    hashed = make_password(PASSWORD)
    _open_organisation(world, hashed)
    for username, kind in (("huli", "paid_carer"), ("zhiyuan", "volunteer")):
        posts = [w for w in world.workers if w.kind == kind]
        loads = dict.fromkeys((w.pk for w in posts), 0)
        for pk in Appointment.objects.filter(day=world.today, worker__in=posts).values_list("worker_id", flat=True):
            loads[pk] += 1
        busiest = max(posts, key=lambda w: (loads[w.pk], -w.pk))
        User.objects.filter(username=busiest.number.lower()).update(username=username, password=hashed)
    daughter = _daughter(world)
    user = User.objects.create(username="jumin", name=daughter.name, password=hashed)
    Grant.objects.create(
        user=user, role_code="resident", area_code=daughter.area_code, holder_id=daughter.pk, title="",
        valid_from=world.today,
    )  # fmt: skip


def _open_organisation(world: World, hashed: str) -> None:
    """Give the log-in to the organisation that an offer waits for and that goes out most today."""
    asked = Offer.objects.filter(answer=Answer.OPEN).values("organisation_id")
    visits = Appointment.objects.filter(day=world.today, worker__organisation__in=asked)
    busiest = (
        visits.values("worker__organisation").annotate(n=Count("pk")).order_by("-n", "worker__organisation").first()
    )
    grants = Grant.objects.filter(role_code="organisation_manager")
    chosen = grants.filter(organisation_id=busiest["worker__organisation"]) if busiest else grants
    User.objects.filter(pk__in=chosen.order_by("pk").values("user_id")[:1]).update(username="jigou", password=hashed)


def _daughter(world: World) -> Person:
    """Return a grown daughter who may act for a parent whose visits go on today; else any relative who may."""
    served = Appointment.objects.filter(day__gte=world.today).values("order__person_id")
    related = Relation.objects.filter(may_act=True, relative__sex="F").select_related("relative").order_by("id")
    relation = related.filter(person__in=served).first() or related.first()
    assert relation is not None
    return relation.relative


def _places() -> tuple[str, str]:
    community = Area.objects.filter(level=12, urban=True).order_by("area_code").first()
    assert community is not None
    return community.area_code[:9], community.area_code


def _name(world: World) -> str:
    return str(world.dice.choice(world.people["adults"]).name)
