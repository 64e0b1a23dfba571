"""Records that may be one person, among 200,000 residents: the first run, a day's changes, and the page of a ticket.

    python -m bench.duplicates [--db sqlite|postgres] [--people 200000] [--changed 2000]

Beside it, in the same run and on the same records, the plain way: read the table through the mapper into pandas,
join it with itself, score the pairs, and save each ticket through the mapper. The plain way has no memory of what it
has compared, so a day's changes cost it the whole run. Each way runs in a process of its own; time is wall time, and
memory the peak above what the process held before. The two must find the same pairs.
"""

import argparse
import json
import multiprocessing
import random
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench import ground

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "秀英桂芳玉兰淑华建国志强丽娟敏静伟勇军杰涛超明霞平刚凤琴春梅红兵国庆海燕晓东文斌小龙雪莲永福德贵素珍"
_BATCH = 5000
_SEED = 20260914


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--changed", type=int, default=2000)
    options = parser.parse_args()
    with ground.database(options.db):
        in_process(_lay, options.people)
        result: dict[str, Any] = {"people": options.people}
        result["plain, all"] = plain = in_process(_plain, None)
        in_process(_clear, None)
        result["ours, all"] = ours = in_process(_ours, None)
        assert plain.pop("pairs") == ours.pop("pairs"), "the two ways must find the same pairs"
        in_process(_change, options.changed)
        result[f"ours, {options.changed} changed"] = in_process(_ours, None)
        result[f"ours, {options.changed} changed"].pop("pairs")
        in_process(_clear_tickets, None)
        result[f"plain, {options.changed} changed"] = in_process(_plain, None)
        result[f"plain, {options.changed} changed"].pop("pairs")
        in_process(_clear, None)
        in_process(_ours, None)
        result["pages, ms"] = in_process(_pages, None)
        result["search, ms"] = in_process(_search, None)
    print(json.dumps(result, indent=1, ensure_ascii=False))


def in_process(work: Callable[[Any], dict[str, Any]], argument: Any) -> dict[str, Any]:
    """Run the work in a fresh process, so that its peak of memory is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_call, args=(work, argument, theirs))
    process.start()
    theirs.close()
    result: dict[str, Any] = ours.recv()
    process.join()
    return result


def _call(work: Callable[[Any], dict[str, Any]], argument: Any, answer: Any) -> None:
    import django

    django.setup()
    answer.send(work(argument))
    answer.close()


def _measured(work: Callable[[], int]) -> dict[str, Any]:
    from wushe.registers.duplicates.models import Ticket

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, cpu = time.perf_counter(), time.process_time()
    rounds = work()
    took, used = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    pairs = sorted(Ticket.objects.filter(state="open").values_list("first_id", "second_id", "evidence", "grade"))
    return {
        "seconds": round(took, 2), "cpu": round(used, 2), "peak_mb": round(peak / 1024, 1), "tickets": len(pairs),
        "transactions": rounds, "pairs": pairs,
    }  # fmt: skip


def _lay(count: int) -> dict[str, Any]:
    """Register so many residents, two of a hundred of them twice, and some with a neighbour's telephone."""
    from django.core.management import call_command

    from tests.factories import catalogue, places
    from wushe.registers.people.identity import address_index, search_columns
    from wushe.registers.people.models import Household, Person

    call_command("migrate", verbosity=0, interactive=False)
    places.two_streets()
    catalogue.reference_data()
    chance = random.Random(_SEED)
    communities = [f"511602{street:03d}{number:03d}" for street in range(1, 21) for number in range(1, 11)]
    homes: list[Household] = []
    for number in range(count // 3):
        address = f"幸福巷{number}号"
        homes.append(
            Household(area_code=chance.choice(communities), address=address, address_index=address_index(address))
        )
    Household.objects.bulk_create(homes, batch_size=_BATCH)
    people: list[Person] = []
    for number in range(count):
        if number % 50 == 49:
            people.append(_again(people[chance.randrange(len(people))], chance))
            continue
        home = homes[chance.randrange(len(homes))]
        name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2, 2))))
        phone = (
            f"139{chance.randrange(10**8):08d}" if chance.random() < 0.7 else "08262333333" if number % 40 == 0 else ""
        )
        people.append(
            Person(
                name=name, sex=chance.choice("FM"), born_on=date(1930, 1, 1) + timedelta(days=chance.randrange(33_000)),
                area_code=home.area_code, household=home, phone=phone,
                **search_columns(name=name, id_number="", phone=phone),
            )
        )  # fmt: skip
    Person.objects.bulk_create(people, batch_size=_BATCH)
    _analyse()
    return {}


def _again(person: Any, chance: random.Random) -> Any:
    """Return another record of somebody: moved, misheard, without a telephone, or with it."""
    from wushe.registers.people.identity import search_columns
    from wushe.registers.people.models import Person

    plain = str(person.phone) if chance.random() < 0.5 else ""
    return Person(
        name=person.name, sex=person.sex, born_on=person.born_on, area_code=person.area_code,
        household=person.household if chance.random() < 0.3 else None, phone=plain,
        **search_columns(name=person.name, id_number="", phone=plain),
    )  # fmt: skip


def _ours(_: Any) -> dict[str, Any]:
    """Compare as the nightly job does, part by part."""
    from django.utils import timezone

    from wushe.foundation.actor import SYSTEM
    from wushe.registers.duplicates.refresh import refresh_tickets

    def run() -> int:
        rounds, more = 0, True
        while more:
            more = refresh_tickets(actor=SYSTEM, at=timezone.now()).more
            rounds += 1
        return rounds

    return _measured(run)


def _plain(_: Any) -> dict[str, Any]:
    """Compare with pandas, and save through the mapper: what somebody would write in an afternoon."""
    import pandas as pd
    from django.utils import timezone

    from wushe.foundation.actor import SYSTEM
    from wushe.foundation.journal.services import record
    from wushe.foundation.presets.selectors import preset
    from wushe.registers.duplicates.evidence import Known, match_of
    from wushe.registers.duplicates.models import Ticket
    from wushe.registers.people.models import Person

    def run() -> int:
        at = timezone.now()
        rows = [
            (p.pk, p.area_code, p.name, p.initials, p.sex, p.born_on, p.phone_index, p.id_number_index, p.household_id)
            for p in Person.objects.all()
        ]
        names = [
            "pk",
            "area_code",
            "name",
            "initials",
            "sex",
            "born_on",
            "phone_index",
            "id_number_index",
            "household_id",
        ]
        frame = pd.DataFrame(rows, columns=names)
        most = int(preset("people.duplicate.shared_phone", area_code="", on=timezone.localdate()))
        shared = frame[frame.phone_index != ""].groupby("phone_index").size()
        many = set(shared[shared > most].index)
        frame["district"] = frame.area_code.str[:6]
        found = [
            frame.merge(frame, on=["name", "born_on", "district"]),
            frame[(frame.phone_index != "") & ~frame.phone_index.isin(many)].merge(frame, on="phone_index"),
            frame[frame.household_id.notna()].merge(frame, on="household_id"),
        ]
        pairs = {
            (a, b)
            for part in found
            for a, b in part.loc[part.pk_x < part.pk_y, ["pk_x", "pk_y"]].itertuples(index=False)
        }
        known = {row[0]: Known(*row) for row in rows}
        for a, b in sorted(pairs):
            one, other = known[a], known[b]
            match = match_of(one, other, phone_counts=one.phone_index not in many)
            if match:
                ticket = Ticket.objects.create(
                    first_id=a, second_id=b, area_code=one.area_code, other_area_code=other.area_code,
                    evidence=" ".join(match.signs), grade=match.grade, found_at=at,
                )  # fmt: skip
                record(kind="duplicate.open", subject=ticket, actor=SYSTEM, at=at)
        return 1

    from django.db import transaction

    def whole() -> int:
        with transaction.atomic():
            return run()

    return _measured(whole)


def _clear(_: Any) -> dict[str, Any]:
    from wushe.registers.people.models import Person

    _clear_tickets(None)
    Person.objects.update(compared_at=None)
    return {}


def _clear_tickets(_: Any) -> dict[str, Any]:
    from wushe.registers.duplicates.models import Ticket

    Ticket.objects.all().delete()
    _analyse()
    return {}


def _change(count: int) -> dict[str, Any]:
    """Correct so many records, as a day's work or an import does."""
    from wushe.registers.people.models import Person

    chosen = Person.objects.order_by("-pk").values("pk")[:count]
    Person.objects.filter(pk__in=chosen).update(compared_at=None, lives_alone=True)
    return {}


def _pages(_: Any) -> dict[str, Any]:
    """Ask for the list, for one ticket and for a search as the web server does, signed in; the median of nine."""
    from django.test import Client

    from bench import world
    from tests.factories import places
    from wushe.registers.duplicates.models import Ticket

    client = Client()
    client.cookies["sessionid"] = world.signed_in("social_worker", area_code=places.DISTRICT)
    one = Ticket.objects.order_by("pk")[Ticket.objects.count() // 2].pk
    asked: dict[str, Callable[[], Any]] = {
        "list": lambda: client.get("/duplicates/", HTTP_HOST="localhost"),
        "list, likely": lambda: client.get("/duplicates/?grade=2", HTTP_HOST="localhost"),
        "one ticket": lambda: client.get(f"/duplicates/{one}/", HTTP_HOST="localhost"),
        "search by name": lambda: client.post("/duplicates/", {"q": "桂芳", "state": "open"}, HTTP_HOST="localhost"),
    }
    return {name: _median(ask, check=lambda answer: answer.status_code == 200) for name, ask in asked.items()}


def _search(_: Any) -> dict[str, Any]:
    """Find people of a district and of a community by what is at hand; the median of nine, and what the plan does."""
    from tests.factories import places
    from wushe.foundation.actor import Actor
    from wushe.registers.people.models import Person
    from wushe.registers.people.selectors import find_people

    phone = Person.objects.exclude(phone_index="").order_by("pk")[777].phone.reveal()
    result: dict[str, Any] = {}
    for area, code in (("district", places.DISTRICT), ("community", places.COMMUNITY)):
        actor = Actor(user_id=1, name="测试", role_code="social_worker", area_code=code)
        for what, text in (
            ("two characters", "桂芳"),
            ("initials", "wgf"),
            ("telephone tail", phone[-4:]),
            ("one character", "王"),
        ):
            found = find_people(actor=actor, text=text)[:50]
            result[f"{area}, {what}"] = {"ms": _median(lambda q=found: list(q.all())), "plan": _scans(found)}  # type: ignore[misc]
    return result


def _scans(queryset: Any) -> str:
    """Say whether the plan reads the whole table of people."""
    from django.db import connection

    sql, params = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}", params)
        steps = [str(row[-1]).strip() for row in cursor.fetchall()]
    whole = [
        s
        for s in steps
        if "Seq Scan on people_person" in s or (s.startswith("SCAN people_person") and "INDEX" not in s)
    ]
    return whole[0] if whole else "index"


def _median(ask: Callable[[], Any], *, check: Callable[[Any], bool] = lambda _: True) -> float:
    took = []
    for _ in range(9):
        begun = time.perf_counter()
        assert check(ask())
        took.append(1000 * (time.perf_counter() - begun))
    return round(statistics.median(took), 1)


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
