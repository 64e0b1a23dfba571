"""Millions of volunteers and hour records on PostgreSQL: searching, one volunteer's statement, the star run over all.

    python -m bench.scale [--volunteers 3000000] [--hours 10000000]

The rows are made up inside the database, spread over 16 districts with 6,400 communities, with the columns that the
services leave; every tenth volunteer has an account of their own; one has 5,000 records. Searching, statement and star
run are the product's own code. Each search is asked by the whole city, a district and a community; the figures are
milliseconds of the clock, the median and the longest of all words asked, the first time (`first`) and again; `cpu` is
that of this process alone, on average.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from bench import ground

SETTINGS = {
    "shared_buffers": "4GB", "effective_cache_size": "10GB", "work_mem": "64MB", "maintenance_work_mem": "1GB",
    "max_wal_size": "16GB", "random_page_cost": "1.1",
}  # fmt: skip
CITY, STREETS, COMMUNITIES = "12", 20, 20
DISTRICTS = [f"1201{n:02d}" for n in range(1, 17)]
TABLES = ("people_person", "volunteers_volunteer", "workforce_worker", "volunteering_hours")
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰玉华建国文辉红梅鹏飞春燕宁志成宇浩凯健俊帆雪琴云龙荣波斌鑫慧巧美珍贞莉淑"
    "惠珠翠雅芝萍彩菊凤洁琳素莲环爱妹香月莺媛瑞凡佳嘉琼勤岚苗曼晓婷薇菁梦瑶怡婵雁蓓仪荷丹蓉眉君蕊娣韵融园咏卿聪澜纯毓悦昭冰爽"
    "琬茗羽希欣飘育滢馥筠柔竹霭凝清源晨晖远航思源子涵博文天宇"
)
WORDS = {
    "two characters": ("桂兰", "王伟", "秀英", "建国", "李雪", "子涵"),
    "initials": ("wgl", "lxy", "zjg", "cxy", "zwh", "ltt"),
    "telephone tail": ("0712", "4831", "9990", "1234", "5006", "8765"),
}

_PEOPLE = """
INSERT INTO people_person (id, area_code, name, initials, sex, born_on, id_number, id_number_index, phone, phone_index,
    phone_tail_index, lives_alone, demonstration)
SELECT n, '1201' || lpad((1 + n %% 16)::text, 2, '0') || lpad((1 + n / 16 %% 20)::text, 3, '0')
        || lpad((1 + n / 320 %% 20)::text, 3, '0'),
    s.sign || g.sign || coalesce(h.sign, ''), s.letter || g.letter || coalesce(h.letter, ''), substr('FM', 1 + n %% 2, 1),
    date '1940-01-01' + (hashint4(n + 3) & 2147483647) %% 25000, '', '', %s, md5(n::text), t.sign, false, false
FROM generate_series(%s::int, %s::int) n
JOIN bench_sign s ON s.kind = 's' AND s.place = (hashint4(n) & 2147483647) %% (SELECT count(*) FROM bench_sign WHERE kind = 's')
JOIN bench_sign g ON g.kind = 'g' AND g.place = (hashint4(n + 1) & 2147483647) %% (SELECT count(*) FROM bench_sign WHERE kind = 'g')
LEFT JOIN bench_sign h ON h.kind = 'g' AND n %% 4 > 0
    AND h.place = (hashint4(n + 2) & 2147483647) %% (SELECT count(*) FROM bench_sign WHERE kind = 'g')
JOIN bench_sign t ON t.kind = 't' AND t.place = (hashint4(n + 4) & 2147483647) %% 10000
"""
_VOLUNTEERS = """
INSERT INTO volunteers_volunteer (id, area_code, number, person_id, served_minutes, earlier_minutes, registered_on, demonstration)
SELECT id, area_code, 'ZY' || lpad(id::text, 9, '0'), id, 0, CASE WHEN id %% 10 = 0 THEN 30000 ELSE 0 END, date '2020-01-01', false
FROM people_person WHERE id BETWEEN %s AND %s
"""
_WORKERS = """
INSERT INTO workforce_worker (id, area_code, person_id, kind, number, travel_mode, base_longitude, base_latitude, shift_start,
    shift_end, weekdays, break_minutes, week_cap_minutes, qualification, level, certificate_number, starts_on, demonstration)
SELECT id, area_code, id, 'volunteer', 'V' || id, 'walk', 117.2, 39.1, 480, 1080, '1234567', 60, 480, '', '', '',
    date '2020-01-01', false
FROM people_person WHERE id %% 10 = 1 AND id BETWEEN %s AND %s
"""
_HOURS = """
INSERT INTO volunteering_hours (area_code, volunteer_id, state, origin, title, day, started_at, ended_at, minutes, oddities,
    sampled, device, note, recorded_by, verdict, system, foreign_number)
SELECT v.area_code, v.id, CASE WHEN n %% 50 = 0 THEN 'held' WHEN n %% 51 = 0 THEN 'struck' ELSE 'counted' END, 'roll',
    '社区志愿服务', d.day, d.day + time '09:00', d.day + time '09:00' + m.minutes * interval '1 minute', m.minutes, '', false,
    '', '', 1, '', '', ''
FROM generate_series(%s::int, %s::int) n
CROSS JOIN LATERAL (SELECT date '2024-01-01' + (hashint4(n + 7) & 2147483647) %% 1000 AS day) d
CROSS JOIN LATERAL (SELECT 30 + (hashint4(n + 9) & 2147483647) %% 1500 AS minutes) m
JOIN volunteers_volunteer v ON v.id = CASE WHEN n <= 5000 THEN 1 ELSE 1 + (hashint4(n + 5) & 2147483647) %% %s END
"""


def lay(volunteers: int, hours: int) -> None:
    """Fill the tables; indexes are made afterwards, as for any large load."""
    from django.core.management import call_command
    from django.db import connection

    from tests.factories import catalogue, people, places
    from wushe.registers.people.identity import initials_of, phone_tail_index

    call_command("migrate", verbosity=0, interactive=False)
    places.two_streets()
    catalogue.reference_data()
    with connection.cursor() as cursor:
        known = people.person("样本")
        cursor.execute("SELECT phone FROM people_person WHERE id = %s", [known.pk])
        phone = cursor.fetchone()[0]
        known.delete()
        signs = [(kind, n, one, initials_of(one)) for kind, all_of_them in (("s", SURNAMES), ("g", GIVEN))
                 for n, one in enumerate(all_of_them)]  # fmt: skip
        signs += [("t", n, phone_tail_index(f"1390000{n:04d}"), "") for n in range(10_000)]
        cursor.execute("CREATE TABLE bench_sign (kind text, place int, sign text, letter text)")
        cursor.executemany("INSERT INTO bench_sign VALUES (%s, %s, %s, %s)", signs)
        cursor.execute("CREATE INDEX ON bench_sign (kind, place)")
        cursor.execute("ANALYZE bench_sign")
        cursor.execute("SET session_replication_role = replica")
        definitions = _without_indexes(cursor)
        for start in range(1, volunteers + 1, 500_000):
            part = [start, min(start + 499_999, volunteers)]
            cursor.execute(_PEOPLE, [phone, *part])
            cursor.execute(_VOLUNTEERS, part)
            cursor.execute(_WORKERS, part)
        for start in range(1, hours + 1, 1_000_000):
            cursor.execute(_HOURS, [start, min(start + 999_999, hours), volunteers])
        for definition in definitions:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def _without_indexes(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE NOT i.indisprimary"
        " AND i.indrelid = ANY (%s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def searched() -> dict[str, Any]:
    """Search as the list of volunteers and the older selector do, by three ways in three scopes; first 20 rows."""
    from wushe.foundation.actor import Actor
    from wushe.registers.desk.selectors import Where, counts_of, narrowed, offers_of, page_of_register
    from wushe.registers.volunteers.register import VOLUNTEERS
    from wushe.registers.volunteers.selectors import volunteers

    on, result = date(2026, 9, 14), {}
    for scope, code, role in (("city", CITY, "auditor"), ("district", DISTRICTS[2], "social_worker"),
                              ("community", f"{DISTRICTS[2]}003004", "community_worker")):  # fmt: skip
        actor = Actor(user_id=1, name="测试", role_code=role, area_code=code)
        for way, words in WORDS.items():

            def register(text: str, actor: Actor = actor) -> int:
                where = Where(text=text)
                rows = narrowed(VOLUNTEERS, actor=actor, where=where, on=on)
                page = page_of_register(VOLUNTEERS, rows, where=where, on=on, after=None, before=None)
                return len([(row.person.name, row.number) for row in page.rows])

            def counted(text: str, actor: Actor = actor) -> int:
                offers = offers_of(VOLUNTEERS, actor=actor, on=on)
                counts = counts_of(VOLUNTEERS, actor=actor, where=Where(text=text), on=on, offers=offers)
                return counts["", ""]

            result[f"{scope}, {way}"] = {
                "rows": _timed(register, words),
                "counts": _timed(counted, words),
                "chooser": _timed(lambda text, actor=actor: len(volunteers(actor=actor, text=text)[:20]), words),
            }
    return result


def statements() -> dict[str, Any]:
    """Read the sums and the newest records of single volunteers, as their own page does."""
    from django.utils import timezone

    from wushe.foundation.actor import Actor
    from wushe.lines.volunteering.mine import my_hours, my_records
    from wushe.registers.volunteers.models import Volunteer

    def statement(number: int) -> int:
        actor = Actor(user_id=number, name="测试", role_code="volunteer", holder_id=number)
        assert my_hours(actor=actor, at=timezone.now()).all >= 0
        return len(my_records(actor=actor)[:50])

    last = Volunteer.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return {
        "usual": _timed(statement, tuple(range(11, last, max(10, last // 300 * 10)))[:30]),
        "5,000 records": _timed(statement, (1,)),
    }


def stars() -> dict[str, Any]:
    """Give the stars of a year to all."""
    from django.utils import timezone

    from wushe.foundation.actor import SYSTEM
    from wushe.lines.volunteering.starring import award_stars

    begun = time.perf_counter()
    given = award_stars(actor=SYSTEM, at=timezone.now(), year=2026, on=date(2027, 1, 1))
    took = time.perf_counter() - begun
    assert award_stars(actor=SYSTEM, at=timezone.now(), year=2026, on=date(2027, 1, 1)) == 0
    return {"seconds": round(took, 1), "given": given}


def _timed(ask: Callable[[Any], int], arguments: tuple[Any, ...]) -> dict[str, Any]:
    first, again, found, used = [], [], 0, time.process_time()
    for took in (first, again):
        for one in arguments:
            begun = time.perf_counter()
            found += ask(one)
            took.append(1000 * (time.perf_counter() - begun))
    used = 1000 * (time.process_time() - used) / len(arguments) / 2
    return {
        "first": [round(statistics.median(first), 1), round(max(first), 1)],
        "again": [round(statistics.median(again), 1), round(max(again), 1)], "cpu": round(used, 1),
        "found": found // 2,
    }  # fmt: skip


def main() -> None:
    """Fill, measure, and print lines of JSON."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--volunteers", type=int, default=3_000_000)
    reader.add_argument("--hours", type=int, default=10_000_000)
    asked = reader.parse_args()
    with ground.database("postgres", settings=SETTINGS):
        import django

        django.setup()
        from django.db import connection

        begun = time.perf_counter()
        lay(asked.volunteers, asked.hours)
        _tell({"laid": vars(asked), "seconds": round(time.perf_counter() - begun, 1)})
        connection.close()
        _tell(searched())
        _tell(statements())
        _tell({"stars": stars()})
        connection.close()


def _tell(result: dict[str, Any]) -> None:
    print(json.dumps({**result, "load": round(os.getloadavg()[0], 1)}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
