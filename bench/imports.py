"""A spreadsheet of residents into the register: preview and commit, and beside it a plain pandas and ORM loader.

    python -m bench.imports [--db sqlite|postgres] [--rows 20000]
    python -m bench.imports --stream residents|areas --rows 1000000

Both take the same file into databases that were laid alike, each in a process of its own, in the same run; both must
leave the same people. The plain loader is what one writes in an afternoon: `read_excel`, then row by row what the ORM
offers, in one transaction, without preview, journal, progress or result file. Time is wall and CPU time; memory the peak of
the process above what it held before.

With --stream a file of a whole province (CSV) goes through the same round in the background's way, part by part.
"""

import argparse
import csv
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from bench import ground
from bench.duplicates import in_process

HEAD = [
    "序号",
    "姓名",
    "性别",
    "身份证号码",
    "出生年月",
    "联系电话",
    "村/社区",
    "家庭住址",
    "人员类别",
    "自理能力",
    "备注",
    "是否独居",
]
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华"
_PLACES = ("翠屏路社区", "厚街社区", "柑子园社区")
_DAYS, _FIRST = 33_000, date(1930, 1, 1)
_STREET = "511602001"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--engine", choices=["openpyxl", "calamine"], default="openpyxl", help="of pandas.read_excel")
    parser.add_argument("--stream", choices=["residents", "areas"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result: dict[str, Any] = {"rows": options.rows, "database": options.db}
        if options.stream:
            path = Path(folder) / "province.csv"
            {"residents": write_residents, "areas": write_areas}[options.stream](path, options.rows)
            ways: dict[str, Callable[[Any], dict[str, Any]]] = {"streamed": _streamed}
        else:
            path = Path(folder) / "residents.xlsx"
            write_workbook(path, options.rows)
            ways = {"ours": _ours, "plain": _plain}
        found = []
        for name, way in ways.items():
            with ground.database(options.db):
                in_process(_lay, None)
                result[name] = in_process(way, (str(path), options.stream or options.engine))
                found.append(result[name].pop("found"))
        assert all(one == found[0] for one in found), "both ways must leave the same people"
    print(json.dumps(result, indent=1, ensure_ascii=False))


def residents(count: int) -> Iterator[list[Any]]:
    """Yield rows as an office has them: points in the dates, blanks in the telephones, names of communities."""
    from wushe.registers.rounds.reading.identity import check_digit

    for n in range(count):
        born = _FIRST + timedelta(days=n * 37 % _DAYS)
        order = n // _DAYS % 999 + 1
        region = ("511602", "511603", "511621", "511622")[n // (_DAYS * 999) % 4]
        body = f"{region}{born:%Y%m%d}{order:03d}"
        name = _SURNAMES[n % 20] + _GIVEN[n // 20 % 28] + _GIVEN[n // 560 % 28]
        yield [
            n + 1, name, "男" if order % 2 else "女", body + check_digit(body), f"{born.year}.{born.month}.{born.day}",
            f"139 {n // 10000 % 10000:04d} {n % 10000:04d}", _PLACES[n % 3], f"幸福巷{n // 3}号", ("", "独居", "低保、高龄", "")[n % 4],
            "自理", "", "否",
        ]  # fmt: skip


def write_workbook(path: Path, count: int) -> None:
    """Write the residents as a workbook with a title above the headings and a note at the end."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False})
    sheet = book.add_worksheet("居民")
    sheet.merge_range(0, 0, 0, len(HEAD) - 1, "浓洄街道居民信息登记表")
    sheet.write_row(1, 0, HEAD)
    for number, row in enumerate(residents(count), start=2):
        sheet.write_row(number, 0, row)
    sheet.write(count + 2, 0, "填表人：李四")
    book.close()


def write_residents(path: Path, count: int) -> None:
    """Write the residents as a CSV file in GBK."""
    with path.open("w", newline="", encoding="gb18030") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(residents(count))


def write_areas(path: Path, count: int) -> None:
    """Write a province of so many areas, down to the building, as division data is published."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name"])
        writer.writerows(islice(_province(), count))


def _province() -> Iterator[tuple[str, str]]:
    yield "52", "贵州省"
    for city in range(1, 22):
        yield f"52{city:02d}", f"第{city}市"
        for district in range(1, 10):
            yield f"52{city:02d}{district:02d}", f"第{district}区"
            for street in range(1, 21):
                above = f"52{city:02d}{district:02d}{street:03d}"
                yield above, f"第{street}街道办事处"
                for community in range(1, 21):
                    yield f"{above}{community:03d}", f"第{community}社区居委会"
                    for estate in range(1, 15):
                        yield f"{above}{community:03d}{estate:03d}", f"{estate}号小区"


def _lay(_: Any) -> dict[str, Any]:
    from django.core.management import call_command

    from tests.factories import catalogue, places

    call_command("migrate", verbosity=0, interactive=False)
    places.two_streets()
    catalogue.reference_data()
    return {}


def _found() -> tuple[Any, ...]:
    """Return who is registered, where they live and what they are known as, as far as it can be compared."""
    from wushe.registers.areas.models import Area
    from wushe.registers.people.models import Household, Person, Tag

    columns = [
        "name",
        "sex",
        "born_on",
        "id_number_index",
        "phone_index",
        "area_code",
        "initials",
        "household__address_index",
    ]
    digest = 0
    for row in Person.objects.values_list(*columns).iterator():
        digest ^= int.from_bytes(sha256(repr(row).encode()).digest()[:8])
    return digest, Person.objects.count(), Household.objects.count(), Tag.objects.count(), Area.objects.count()


class Watch:
    """Wall time, CPU time and the peak of memory since it was made."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak of before
        self._memory = _memory("VmRSS")
        self._wall, self._cpu = time.monotonic(), time.process_time()

    def read(self) -> dict[str, float]:
        """Return what has been spent."""
        wall, cpu = time.monotonic() - self._wall, time.process_time() - self._cpu
        peak = _memory("VmHWM")
        return {
            "wall s": round(wall, 1),
            "CPU s": round(cpu, 1),
            "peak MB above": round(peak - self._memory),
            "peak MB": round(peak),
        }


def _memory(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _ours(argument: tuple[str, str]) -> dict[str, Any]:
    from django.utils import timezone

    from wushe.foundation.actor import Actor
    from wushe.registers.rounds import services

    services.READ_AT_ONCE = services.WRITE_AT_ONCE = 1 << 40
    actor = Actor(user_id=1, name="", role_code="social_worker", area_code=_STREET)
    path = Path(argument[0])
    whole = Watch()
    round_ = services.upload_round(
        actor=actor, at=timezone.now(), register="residents", filename=path.name, blocks=lambda: [path.read_bytes()],
        size=path.stat().st_size,
    )  # fmt: skip
    preview = whole.read()
    write = Watch()
    services.commit_round(actor=actor, at=timezone.now(), round_id=round_.pk)
    commit, spent = write.read(), whole.read()
    spent["peak MB above"] = max(
        preview["peak MB above"], round(commit["peak MB"] - preview["peak MB"] + preview["peak MB above"])
    )
    assert round_.created == round_.rows, (round_.created, round_.rows)
    again = Watch()
    round_ = services.upload_round(
        actor=actor, at=timezone.now(), register="residents", filename=path.name, blocks=lambda: [path.read_bytes()],
        size=path.stat().st_size,
    )  # fmt: skip
    assert round_.unchanged == round_.rows
    return {"both": spent, "preview": preview, "commit": commit, "preview again": again.read(), "found": _found()}


def _plain(argument: tuple[str, str]) -> dict[str, Any]:
    watch = Watch()
    _load(*argument)
    return {"both": watch.read(), "found": _found()}


def _load(path: str, engine: str) -> None:
    """Load the file as one does who knows pandas and the ORM."""
    import pandas as pd
    from django.db import transaction
    from django.utils import timezone
    from stdnum.cn import ric

    from wushe.registers.areas.models import Area
    from wushe.registers.people.identity import address_index, search_columns
    from wushe.registers.people.models import Household, Person, Tag, TagKind

    frame = pd.read_excel(path, header=1, dtype=str, engine=engine, keep_default_na=False)
    frame = frame[frame["姓名"] != ""]
    places = {area.name: area.area_code for area in Area.objects.filter(level=12)}
    kinds = {kind.code: kind for kind in TagKind.objects.all()}
    today = timezone.localdate()
    codes = {"独居": "living_alone", "低保": "dibao", "高龄": "age_80"}
    with transaction.atomic():
        for _, row in frame.iterrows():
            number, phone, area = (
                row["身份证号码"].strip().upper(),
                row["联系电话"].replace(" ", ""),
                places[row["村/社区"]],
            )
            ric.compact(number)
            if ric.calc_check_digit(number) != number[-1]:
                continue
            index = address_index(row["家庭住址"])
            home, _ = Household.objects.get_or_create(
                area_code=area, address_index=index, defaults={"address": row["家庭住址"]}
            )
            derived = search_columns(name=row["姓名"], id_number=number, phone=phone)
            person, _ = Person.objects.update_or_create(
                id_number_index=derived.pop("id_number_index"),
                defaults={
                    "name": row["姓名"], "sex": "M" if row["性别"] == "男" else "F", "area_code": area, "household": home,
                    "born_on": date(*map(int, row["出生年月"].split("."))), "id_number": number, "phone": phone,
                    "ability_level": 0, "lives_alone": row["是否独居"] == "是" or "独居" in row["人员类别"], **derived,
                },
            )  # fmt: skip
            for word in filter(None, row["人员类别"].split("、")):
                Tag.objects.get_or_create(
                    person=person, kind=kinds[codes[word]], ends_on=None, defaults={"starts_on": today}
                )


def _streamed(argument: tuple[str, str]) -> dict[str, Any]:
    from django.utils import timezone

    from wushe.foundation.actor import SYSTEM, Actor
    from wushe.foundation.jobs.execution import work_off
    from wushe.registers.rounds import services
    from wushe.registers.rounds.models import ImportRound

    path, register = Path(argument[0]), argument[1]
    office = Actor(user_id=1, name="", role_code="social_worker", area_code=_STREET)

    def blocks() -> Iterator[bytes]:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                yield block

    watch = Watch()
    round_ = services.upload_round(
        actor=SYSTEM if register == "areas" else office, at=timezone.now(), register=register, filename=path.name,
        blocks=blocks, size=path.stat().st_size,
    )  # fmt: skip
    upload = watch.read()
    work_off(clock=timezone.now, limit=5)
    preview = watch.read()
    services.commit_round(actor=SYSTEM if register == "areas" else office, at=timezone.now(), round_id=round_.pk)
    work_off(clock=timezone.now, limit=5)
    done = ImportRound.objects.get(pk=round_.pk)
    assert done.state == "committed", (done.state, done.message)
    counts = {"created": done.created, "refused": done.refused}
    return {"file MB": round(path.stat().st_size / 1e6), "uploaded": upload, "previewed": preview, "committed": watch.read(),
            "peak MB, process": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), **counts, "found": 0}  # fmt: skip


if __name__ == "__main__":
    main()
