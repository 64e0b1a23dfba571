"""Evidence: honest pictures are drawn anew, hostile files are refused, an upload counts once."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from tests.factories import visits
from tests.factories.cast import actor_of, world
from tests.factories.catalogue import BATH, VISIT, item
from tests.factories.visits import client_id, clock, performer, photo
from wushe.chain.visits import services
from wushe.chain.visits.models import Evidence, EvidenceKind, Visit, VisitState
from wushe.chain.visits.pictures import LARGEST_BYTES, PictureRefused, prepared
from wushe.chain.visits.selectors import evidence_of
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


@pytest.fixture
def visit(here):
    return visits.started(visits.planned(here.elder, here.carer))


def add(visit, content, *, actor=None, kind=EvidenceKind.ARRIVAL, number=1):
    return services.add_evidence(
        actor=actor or performer(visit.worker), at=clock(550), visit_id=visit.pk, client_id=client_id(number),
        kind=kind, content=content, taken_at=clock(548),
    )  # fmt: skip


def stored(evidence):
    with evidence.file.open() as file:
        return file.read()


def refused(error, visit, content, **fields):
    rows = JournalEntry.objects.count()
    with pytest.raises(error) as caught:
        add(visit, content, **fields)
    assert not Evidence.objects.exists()
    assert JournalEntry.objects.count() == rows
    return caught.value


def png_header(width, height):
    """Return a PNG that claims a size, with a body of nothing: what unpacks to gigabytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = zlib.compress(b"\0" * 100_000, 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_photo_is_kept_with_both_times_and_a_digest(visit):
    evidence = add(visit, photo())
    assert (evidence.kind, evidence.taken_at, evidence.received_at) == ("arrival", clock(548), clock(550))
    content = stored(evidence)
    assert evidence.size == len(content)
    assert prepared(content).picture_hash == evidence.picture_hash != ""
    assert JournalEntry.objects.latest("pk").data == {
        "evidence": evidence.pk, "kind": "arrival", "digest": evidence.digest,
    }  # fmt: skip


def test_what_the_camera_wrote_leaves_with_the_old_bytes(visit):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "PhoneMaker"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:09:14 07:08:09"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (106.0, 38.0, 24.0)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (31.0, 28.0, 12.0)
    sent = photo(exif=exif)
    assert b"PhoneMaker" in sent
    evidence = add(visit, sent)
    kept = stored(evidence)
    assert b"PhoneMaker" not in kept
    assert not dict(Image.open(BytesIO(kept)).getexif())
    assert evidence.camera_at == clock(428).replace(second=9)
    assert 111_000 < evidence.camera_distance < 111_400


def test_large_photos_are_made_smaller(visit):
    evidence = add(visit, photo(size=(4000, 3000)))
    assert Image.open(BytesIO(stored(evidence))).size == (1600, 1200)


def test_png_and_webp_become_jpeg(visit):
    for number, form in enumerate(("PNG", "WEBP")):
        assert stored(add(visit, photo(form=form), number=number))[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"\xff\xd8\xff\xe0" + b"x" * 400, "不是可用的照片"),
        (b"%PDF-1.7 invoice", "不是可用的照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "不是可用的照片"),
        (png_header(12_000, 12_000), "像素太多"),
        (png_header(100_000, 100_000), "像素太多"),
        (png_header(3_000, 3_000), "不是可用的照片"),
        (photo(form="GIF"), "不是可用的照片"),
        (photo()[:2000], "不是可用的照片"),
    ],
    ids=["empty", "jpeg in name", "pdf", "svg", "12,000 squared", "absurd size", "lying header", "gif", "cut off"],
)  # fmt: skip
def test_hostile_files_are_refused(visit, content, says):
    assert says in refused(PictureRefused, visit, content).message


def test_a_file_of_20_megabytes_is_refused(visit):
    error = refused(PictureRefused, visit, photo() + b"\0" * (20 * 1024 * 1024))
    assert "10MB" in error.message
    assert LARGEST_BYTES < 20 * 1024 * 1024


def test_a_polyglot_keeps_nothing_but_the_picture(visit):
    evidence = add(visit, photo() + b"PK\x03\x04<script>alert(1)</script>")
    assert b"<script>" not in stored(evidence)


def test_the_same_upload_again_is_the_same_evidence(visit):
    content = photo()
    first = add(visit, content)
    rows = JournalEntry.objects.count()
    assert add(visit, content).pk == first.pk
    assert (Evidence.objects.count(), JournalEntry.objects.count()) == (1, rows)
    with pytest.raises(KeyReused):
        add(visit, photo())


def test_anothers_visit_takes_no_photos(here, visit):
    refused(NotFound, visit, photo(), actor=performer(here.second_carer))
    refused(NotAllowed, visit, photo(), actor=actor_of("verifier"))


def test_an_unknown_kind_is_refused(visit):
    refused(Invalid, visit, photo(), kind="selfie")


def test_no_photos_of_private_services(here):
    assert item(BATH).photos == 0 or item(VISIT).photos == 0
    code = BATH if item(BATH).photos == 0 else VISIT
    visit = visits.started(visits.planned(here.elder, here.carer, code=code))
    refused(Invalid, visit, photo(), kind=EvidenceKind.SERVICE)
    assert add(visit, photo(), kind=EvidenceKind.ARRIVAL).pk


def test_a_checked_visit_takes_no_more_photos(visit):
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.ACCEPTED, ended_at=clock(600), minutes=60)
    refused(services.EvidenceClosed, visit, photo())


def test_a_visit_has_room_for_so_many_photos(visit):
    for number in range(services.MOST_EVIDENCE):
        add(visit, photo(), number=number)
    with pytest.raises(Invalid):
        add(visit, photo(), number=99)


def test_a_dark_room_has_no_fingerprint(visit):
    kept = BytesIO()
    Image.new("RGB", (640, 480), (12, 12, 14)).save(kept, "JPEG")
    assert add(visit, kept.getvalue()).picture_hash == ""


def test_the_fingerprint_survives_scaling_and_recompression():
    original = Image.open(BytesIO(photo(seed=5)))
    kept = BytesIO()
    original.resize((320, 240)).save(kept, "JPEG", quality=40)
    one, other = prepared(photo(seed=5)).picture_hash, prepared(kept.getvalue()).picture_hash
    assert (int(one, 16) ^ int(other, 16)).bit_count() <= 4
    assert one != prepared(photo(seed=6)).picture_hash


def test_evidence_is_seen_within_scope_only(here, visit):
    evidence = add(visit, photo())
    assert evidence_of(actor=actor_of("verifier"), evidence_id=evidence.pk) == evidence
    assert evidence_of(actor=performer(here.carer), evidence_id=evidence.pk) == evidence
    for stranger in (performer(here.second_carer), actor_of("stranger"), actor_of("elder"), actor_of("organisation_b")):
        with pytest.raises(NotFound):
            evidence_of(actor=stranger, evidence_id=evidence.pk)
    with pytest.raises(NotAllowed):
        evidence_of(actor=actor_of("account_admin"), evidence_id=evidence.pk)
