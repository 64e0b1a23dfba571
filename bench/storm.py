"""A storm of door-knock records with photos against a running server: are all of them taken, and does anything grow.

    python -m bench.storm --db sqlite [--rate 50] [--seconds 75] [--clients 24] [--threads 8]

Records leave at their own times, whether or not those before them have been answered, as phones send them when a
village's network comes back. Afterwards every record and every photo is looked for.
"""

import argparse
import json
import os
import re
import threading
import time
from base64 import b64encode
from pathlib import Path
from uuid import UUID, uuid4

from bench import ground

_BOUNDARY = "storm"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=int, default=75)
    parser.add_argument("--clients", type=int, default=24)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    with ground.database(options.db) as url:
        os.environ["MEDIA_ROOT"] = str(ground.ROOT / "var" / f"storm-{os.getpid()}")
        print(json.dumps(_measure(options, url), indent=1, ensure_ascii=False))


def _measure(options: argparse.Namespace, url: str) -> dict[str, object]:
    import django

    django.setup()
    from bench import world

    world.lay_ground()
    count = int(options.rate * options.seconds)
    login, record, doors = _campaign(count)
    numbers = [uuid4() for _ in range(count)]
    with ground.server(processes=1, threads=options.threads) as server:
        before, watch = _sizes(url), _Watch(server.pid)
        cpu, watch = server.cpu_seconds(), watch.begun()
        answers = _send(server.port, options, [_post(login, record, doors[n], numbers[n]) for n in range(count)])
        cpu = server.cpu_seconds() - cpu
        memory = watch.ended()
    after = _sizes(url)
    took = sorted(wait for wait, status in answers if status == 201)
    _verify(numbers, answers)
    return {
        "database": options.db, "asked_per_second": options.rate, "seconds": options.seconds, "sent": count,
        "accepted": len(took), "accepted_percent": round(100 * len(took) / count, 2),
        "statuses": {str(code): sum(one == code for _, one in answers) for code in {one for _, one in answers}},
        "p50_ms": round(took[len(took) // 2] * 1000), "p95_ms": round(took[int(len(took) * 0.95)] * 1000),
        "longest_ms": round(took[-1] * 1000), "server_cpu_ms": round(1000 * cpu / count, 1),
        "database_bytes_each": round((after[0] - before[0]) / count), "photo_bytes_each": round((after[1] - before[1]) / count),
        "memory_mb": memory, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _campaign(count: int) -> tuple[str, bytes, list[int]]:
    """Open a campaign over so many homes; return the log-in of a worker, a filled form, and the doors."""
    from django.utils import timezone

    from tests.factories.places import CENTRE, COMMUNITY
    from wushe.foundation.access.models import Grant, User
    from wushe.foundation.actor import Actor
    from wushe.foundation.tokens.models import Token
    from wushe.foundation.tokens.services import open_collecting
    from wushe.practice.door_knock import collecting, services
    from wushe.registers.forms.services import create_form, publish_version
    from wushe.registers.people.models import Household, Person

    now = timezone.now()
    today = timezone.localdate(now)
    user = User.objects.create(username="storm", name="测试")
    grant = Grant.objects.create(user=user, role_code="social_worker", area_code=COMMUNITY, valid_from=today)
    actor = Actor(user.pk, user.name, grant.role_code, grant.area_code, grant_id=grant.pk)
    homes = Household.objects.bulk_create(
        Household(
            area_code=COMMUNITY, address=f"{n // 40 + 1}栋{n % 40 + 101}室", longitude=CENTRE[0], latitude=CENTRE[1]
        )
        for n in range(count)
    )
    Person.objects.bulk_create(
        Person(name="王五", sex="F", born_on=today.replace(year=1950, day=1), area_code=COMMUNITY, household=home)
        for home in homes
    )
    questions = [
        {"name": "front", "kind": "photo", "label": "门口"},
        {"name": "danger", "kind": "text", "label": "隐患", "fills": "problem"},
    ]
    draft = create_form(actor=actor, at=now, title="风雨后走访", questions=questions)
    version = publish_version(actor=actor, at=now, form_id=draft.form_id)
    one = services.open_campaign(
        actor=actor, at=now, title="风雨后走访", version_id=version.pk, aim="households", area_code=COMMUNITY,
        starts_on=today, ends_on=today, worker_ids=[user.pk],
    )  # fmt: skip
    _, secret = open_collecting(actor=actor, at=now)
    Token.objects.update(per_minute=1_000_000)  # one log-in stands for all phones
    sheet = collecting.sheet_of(campaign=one)
    record = (
        f'<record id="{sheet.form_id}" version="{sheet.version}"><__door>DOOR</__door><__outcome>reached</__outcome>'
        "<__answers><front>a.jpg</front><danger>三楼漏水</danger></__answers>"
        "<meta><instanceID>uuid:NUMBER</instanceID></meta></record>"
    )
    login = b64encode(f"storm:{secret}".encode()).decode()
    doors = list(one.targets.filter(household__in=homes).order_by("pk").values_list("pk", flat=True))
    return login, record.encode(), doors[:count]


def _post(login: str, record: bytes, door: int, number: UUID) -> bytes:
    from tests.factories.visits import photo

    xml = record.replace(b"DOOR", str(door).encode()).replace(b"NUMBER", str(number).encode())
    parts = [
        ("xml_submission_file", "r.xml", "text/xml", xml),
        ("a.jpg", "a.jpg", "image/jpeg", photo(size=(1280, 960))),
    ]
    body = b"".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: {kind}\r\n\r\n'
        .encode() + content + b"\r\n"
        for name, file, kind, content in parts
    ) + f"--{_BOUNDARY}--\r\n".encode()  # fmt: skip
    head = (
        f"POST /api/openrosa/submission HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\n"
        f"X-OpenRosa-Version: 1.0\r\nContent-Type: multipart/form-data; boundary={_BOUNDARY}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _send(port: int, options: argparse.Namespace, posts: list[bytes]) -> list[tuple[float, int]]:
    """Send each post at its time; return how long each was waited for, from that time on, and its status."""
    answers: list[tuple[float, int]] = [(0.0, 0)] * len(posts)
    start = time.perf_counter() + 0.5

    def phone(first: int) -> None:
        client = ground.Client(port)
        for n in range(first, len(posts), options.clients):
            due = start + n / options.rate
            time.sleep(max(0.0, due - time.perf_counter()))
            try:
                status = client.send(posts[n])
            except OSError:
                status, client = 0, ground.Client(port)
            answers[n] = (time.perf_counter() - due, status)

    threads = [threading.Thread(target=phone, args=[first]) for first in range(options.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _verify(numbers: list[UUID], answers: list[tuple[float, int]]) -> None:
    from wushe.practice.door_knock.collecting import photo_number
    from wushe.practice.door_knock.models import DoorPhoto, Report

    taken = [number for number, (_, status) in zip(numbers, answers, strict=True) if status == 201]
    reports = set(Report.objects.values_list("client_id", flat=True))
    photos = set(DoorPhoto.objects.values_list("client_id", flat=True))
    lost = [number for number in taken if number not in reports or photo_number(number, "a.jpg") not in photos]
    if lost:
        raise SystemExit(f"{len(lost)} records were answered and are not there")


def _sizes(url: str) -> tuple[int, int]:
    """Return the bytes of the database and of the photos."""
    media = sum(one.stat().st_size for one in Path(os.environ["MEDIA_ROOT"]).rglob("*") if one.is_file())
    if not url.startswith("sqlite"):
        return 0, media
    base = Path(url.removeprefix("sqlite:///"))
    return sum(one.stat().st_size for one in base.parent.glob(base.name + "*")), media


class _Watch:
    """Looks at the memory of a server every few seconds."""

    def __init__(self, pid: int) -> None:
        self._pid, self._over = pid, threading.Event()
        self._seen: list[int] = []
        self._thread = threading.Thread(target=self._look)

    def begun(self) -> "_Watch":
        self._thread.start()
        return self

    def ended(self) -> list[int]:
        """Return the megabytes seen, in their order."""
        self._over.set()
        self._thread.join()
        return self._seen

    def _look(self) -> None:
        while not self._over.wait(5):
            self._seen.append(round(sum(map(_resident, _group(self._pid))) / 1024))


def _group(pid: int) -> list[Path]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == pid:
                found.append(entry)
        except ProcessLookupError:
            continue
    return found


def _resident(entry: Path) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", (entry / "status").read_text())
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
