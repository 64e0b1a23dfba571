"""ODK Collect at the doors: a real client over a real line, with the forms that pyxform writes, and what no client would send."""

import re
from base64 import b64encode
from csv import DictReader
from io import StringIO
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.factories.cast import actor_of, client_of, user_of, world
from tests.factories.doors import campaign, published
from tests.factories.places import NOON
from tests.factories.visits import photo
from tests.registers.forms.asking import household_visit, question
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.tokens.services import close_collecting, open_collecting
from wushe.practice.door_knock.models import Campaign, DoorPhoto, ListLine, Report, Target
from wushe.practice.door_knock.receiving import answers_of

PLACE = "/api/openrosa"
_RECORD = "xml_submission_file"
FORMS, MANIFEST, XFORM = (
    f"{{{space}}}" for space in (
        "http://openrosa.org/xforms/xformsList", "http://openrosa.org/xforms/xformsManifest", "http://www.w3.org/2002/xforms",
    )
)  # fmt: skip


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch, db: None) -> str:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    world()
    asked = [
        *household_visit(),
        question("room", "group", children=[question("front", "photo", "门口"), question("back", "photo", "里屋")]),
        question("born", "date", "出生日期"),
        question("old", "calculate", calculation="years-since(${born}) >= 80 and ${born} < '1990-01-01'"),
        question("slip", "note", "写着 ${names} 的纸条"),
    ]
    campaign(version=published(questions=asked))
    return open_collecting(actor=actor_of("community_worker"), at=NOON)[1]


class Collect:
    """What ODK Collect does: it asks for the list, takes forms and files, fills in a form and posts it in pieces."""

    def __init__(self, server: str, secret: str) -> None:
        self.server = server + PLACE
        self.line = requests.Session()
        self.line.headers.update({"X-OpenRosa-Version": "1.0", "Date": "Mon, 14 Sep 2026 07:00:00 GMT"})
        self.line.auth = ("community_worker", secret)

    def get(self, url: str) -> bytes:
        answer = self.line.get(url, timeout=10)
        assert (answer.status_code, answer.headers["X-OpenRosa-Version"]) == (200, "1.0"), answer.text
        return answer.content

    def forms(self) -> list[dict[str, str]]:
        root = ET.fromstring(self.get(f"{self.server}/formList"))
        assert root.tag == f"{FORMS}xforms"
        return [{part.tag.removeprefix(FORMS): part.text or "" for part in one} for one in root]

    def files(self, url: str) -> dict[str, bytes]:
        rows = [
            {part.tag.removeprefix(MANIFEST): part.text or "" for part in one} for one in ET.fromstring(self.get(url))
        ]
        return {row["filename"]: self.get(row["downloadUrl"]) for row in rows}

    def post(self, xml: bytes, **pictures: bytes) -> requests.Response:
        parts = [(_RECORD, ("record.xml", xml, "text/xml"))]
        parts += [(name, (name, content, "image/jpeg")) for name, content in pictures.items()]
        return self.line.post(f"{self.server}/submission", files=parts, timeout=10)


def filled(xform: bytes, number: str, values: dict[str, Any]) -> bytes:
    """Fill in the form's own first instance, as a client does: what is not answered stays empty."""
    root = ET.fromstring(xform)
    record = root.find(f".//{XFORM}instance/*")
    assert record is not None
    for node in list(record.iter()):
        for template in [one for one in node if any(name.endswith("}template") for name in one.attrib)]:
            node.remove(template)  # what a repetition looks like is no row of it
    for node in record.iter():
        name = node.tag.rpartition("}")[2]
        if name == "instanceID":
            node.text = f"uuid:{number}"
        elif name in values:
            node.text = str(values[name])
    return ET.tostring(record, encoding="utf-8")


def words(answer: Any) -> str:
    root = ET.fromstring(answer.content)
    assert root.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
    return root[0].text or ""


@pytest.mark.django_db(transaction=True)
def test_a_day_with_collect(live_server: LiveServer, secret: str) -> None:
    collect = Collect(live_server.url, secret)
    head = collect.line.head(f"{collect.server}/submission", timeout=10)
    assert (head.status_code, head.headers["X-OpenRosa-Accept-Content-Length"]) == (204, str(12 * 1024 * 1024))
    assert head.headers["Location"] == f"{collect.server}/submission"
    (form,) = collect.forms()
    xform, files = collect.get(form["downloadUrl"]), collect.files(form["manifestUrl"])
    assert {entry.data["device"] for entry in JournalEntry.objects.filter(kind="packet.take")} == {"collect"}
    doors = list(DictReader(StringIO(files["doors.csv"].decode())))
    people = list(DictReader(StringIO(files["people.csv"].decode())))
    assert {int(one["name"]) for one in doors} == set(Target.objects.values_list("pk", flat=True))
    who = next(one for one in people if one["label"] == "王桂芳")
    number = str(uuid4())
    record = filled(xform, number, {
        "__door": who["door"], "__outcome": "reached", "__person": who["name"], "alone": "yes", "days": "3", "words": "想请人理发",
        "front": "a.jpg", "back": "b.jpg", "end": "2026-09-14T11:58:00.000+08:00", "born": "1940-01-01",
    })  # fmt: skip
    first, second = photo(seed=1), photo(seed=2)
    # Two pictures in two posts, and the first once more because its answer was lost on the way.
    for pictures in ({"a.jpg": first}, {"a.jpg": first}, {"b.jpg": second}):
        answer = collect.post(record, **pictures)
        assert (answer.status_code, words(answer)) == (201, "已收下。")
    report = Report.objects.get()
    assert (str(report.client_id), report.person_id, report.device) == (number, int(who["name"]), "collect")
    assert report.device_at.isoformat() == "2026-09-14T03:58:00+00:00"
    answers = answers_of(report)
    assert (answers["alone"], answers["days"], answers["needs"][0]["words"], answers["old"]) == (
        "yes",
        3,
        "想请人理发",
        True,
    )
    kept = {str(one.client_id) for one in DoorPhoto.objects.filter(target_id=who["door"])}
    assert kept == {*answers["front"], *answers["back"]}
    assert len(kept) == 2
    assert ListLine.objects.get(target_id=who["door"], kind="problem", category="").text == "想请人理发"
    # The number again with another body changes nothing, and its sender is told.
    again = collect.post(record.replace("想请人理发".encode(), "想理发".encode()))
    assert again.status_code == 409
    assert "已用于另一份内容" in words(again)
    assert Report.objects.count() == 1
    # A second phone says something else about the same door: a conflict that the desk sees.
    other = filled(xform, str(uuid4()), {"__door": who["door"], "__outcome": "not_reached", "__reason": "moved"})
    assert collect.post(other).status_code == 201
    assert Target.objects.get(pk=who["door"]).conflict
    close_collecting(actor=actor_of("community_worker"), at=NOON)
    shut = collect.line.get(f"{collect.server}/formList", timeout=10)
    assert (shut.status_code, shut.headers["WWW-Authenticate"]) == (401, 'Basic realm="wushe", charset="UTF-8"')


def record_of(body: str = "", *, root: str = "", meta: str | None = None) -> bytes:
    one = Campaign.objects.get()
    version = f"{one.version.number}.{one.version.digest[:8]}"
    meta = f"<meta><instanceID>uuid:{uuid4()}</instanceID></meta>" if meta is None else meta
    return f'<record id="wushe-door-{one.pk}" version="{version}" {root}>{body}{meta}</record>'.encode()


def hostile() -> dict[str, tuple[bytes, int]]:
    door = Target.objects.order_by("pk").first()
    assert door is not None
    at = f"<__door>{door.pk}</__door>"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = '<?xml version="1.0"?>'
    return {
        "nothing": (b"", 400), "no markup": (b"\x00\xff\xfe{}", 400), "broken": (b"<record>", 400),
        "an entity": (f'{head}<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>'.encode(), 400),
        "a bomb": (f'{head}<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]><r>&l9;</r>'.encode(), 400),
        "an outer grammar": (f'{head}<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r/>'.encode(), 400),
        "deep": (b"<a>" * 100_000 + b"</a>" * 100_000, 400), "huge": (b"<r>" + b" " * 2_000_000 + b"</r>", 400),
        "another language": (record_of(at, root='xmlns="http://www.w3.org/1999/xhtml"'), 400),
        "no such encoding": (b'<?xml version="1.0" encoding="wide"?><r/>', 400),
        "wide letters": ('<?xml version="1.0" encoding="utf-16"?><r/>'.encode("utf-16"), 400),
        "no number": (record_of(at, meta=""), 400),
        "a bad number": (record_of(at, meta="<meta><instanceID>uuid:7</instanceID></meta>"), 400),
        "no door": (record_of("<__outcome>nobody</__outcome>"), 400),
        "a door elsewhere": (record_of("<__door>99999999</__door>"), 404),
        "a long number": (record_of(f"<__door>{'9' * 400}</__door>"), 400),
        "another form": (record_of(at).replace(b"wushe-door-", b"other-"), 404),
        "another version": (record_of(at).replace(b'version="', b'version="x'), 400),
        "no outcome": (record_of(at), 400),
        "a bad answer": (record_of(f"{at}<__outcome>reached</__outcome><__answers><alone>maybe</alone></__answers>"), 400),
    }  # fmt: skip


@pytest.mark.django_db
def test_what_no_client_would_send(secret: str) -> None:
    login = "Basic " + b64encode(f"x:{secret}".encode()).decode()
    client = Client(raise_request_exception=True, headers={"Authorization": login})
    wrong = {}
    for name, (content, status) in hostile().items():
        answer = client.post(f"{PLACE}/submission", {_RECORD: SimpleUploadedFile("r.xml", content)})
        told = words(answer)
        if answer.status_code != status or not told or told.isascii():
            wrong[name] = (answer.status_code, told)
    assert wrong == {}
    assert words(client.post(f"{PLACE}/submission", {"other": "x"})) != ""
    cut = client.post(f"{PLACE}/submission", b"--x\r\n", content_type="multipart/form-data; boundary=")
    many = client.post(f"{PLACE}/submission", {str(n): SimpleUploadedFile("r", b"x") for n in range(150)})
    assert (cut.status_code, many.status_code) == (400, 400)
    strange = {_RECORD: SimpleUploadedFile("r.xml", record_of(f"<__door>{Target.objects.earliest('pk').pk}</__door>"
               "<__outcome>nobody</__outcome>")), "x.exe": SimpleUploadedFile("x.exe", b"MZ")}  # fmt: skip
    assert "x.exe" in words(client.post(f"{PLACE}/submission", strange))
    assert (Report.objects.count(), DoorPhoto.objects.count()) == (0, 0)
    assert client.put(f"{PLACE}/submission").status_code == 405
    one = Campaign.objects.get().pk
    assert client.get(f"{PLACE}/forms/{one}/../secret.csv").status_code == 404
    assert client.get(f"{PLACE}/forms/{one + 1}.xml").status_code == 404
    for header in ("", "Basic !!!", "Basic " + b64encode(b"\xff\xfe").decode(), "Bearer x", "Digest a=b"):
        assert Client(headers={"Authorization": header}).get(f"{PLACE}/formList").status_code == 401
    # A signed-in browser is not let in, and the password of a field application opens nothing else.
    assert client_of("community_worker").get(f"{PLACE}/formList").status_code == 401
    assert client.get("/api/v1/needs", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    page = client_of("community_worker").post(reverse("worker:collecting")).content.decode()
    shown = dict(re.findall(r'<input id="(\w+)" type="text" readonly value="([^"]*)"', page))
    assert (shown["server"], shown["login"]) == (f"http://testserver{PLACE}", user_of("community_worker").username)
    bearer = {"Authorization": f"Bearer {shown['secret']}"}
    assert Client(headers=bearer).get(f"{PLACE}/formList").status_code == 200
    assert client.get(f"{PLACE}/formList").status_code == 401
