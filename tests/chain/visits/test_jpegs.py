"""A JPEG stripped to its bones draws the same picture and says nothing else; what cannot be read so is drawn anew."""

from io import BytesIO
from random import Random

import pytest
from PIL import ExifTags, Image

from tests.factories.visits import photo
from wushe.chain.visits.jpegs import bare
from wushe.chain.visits.pictures import PictureRefused, prepared


def pixels(content: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(BytesIO(content)) as image:
        return image.size, image.convert("RGB").tobytes()


def written(image: Image.Image, **options: object) -> bytes:
    kept = BytesIO()
    image.save(kept, "JPEG", **options)
    return kept.getvalue()


def talkative() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRETPHONE"
    return exif


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"subsampling": 0, "quality": 95}, {"restart_marker_rows": 1}]
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_picture_stays_to_the_last_pixel_and_nothing_else_does(mode: str, options: dict[str, object]) -> None:
    with Image.open(BytesIO(photo(seed=3))) as image:
        content = written(
            image.convert(mode), exif=talkative(), comment=b"SECRETNOTE", icc_profile=b"SECRETICC", **options
        )
    kept = prepared(content + b"<script>SECRETTAIL</script>").content
    assert pixels(kept) == pixels(content)
    assert b"SECRET" in content
    assert b"SECRET" not in kept


def test_what_is_turned_large_heavy_or_of_other_colours_is_drawn_anew() -> None:
    exif = talkative()
    exif[ExifTags.Base.Orientation] = 6
    turned = prepared(photo(seed=3, exif=exif)).content
    assert pixels(turned)[0] == (480, 640)
    noise = Image.frombytes("RGB", (1200, 1200), Random(1).randbytes(3 * 1200 * 1200))
    heavy = written(noise, quality=95)
    assert len(prepared(heavy).content) < len(heavy)
    assert max(pixels(prepared(written(Image.new("RGB", (3000, 40)))).content)[0]) == 1600
    assert bare(written(Image.new("CMYK", (64, 64)))) is None
    assert bare(written(Image.new("RGB", (64, 64)), keep_rgb=True)) is None
    assert bare(b"") is None


def test_a_damaged_file_is_kept_whole_or_refused_and_never_an_error() -> None:
    content, dice, refused = photo(size=(160, 120), seed=9), Random(7), 0
    for _ in range(300):
        broken = bytearray(content)
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        if dice.random() < 0.3:
            del broken[dice.randrange(2, len(broken)) :]
        try:
            assert prepared(bytes(broken)).content.endswith(b"\xff\xd9")
        except PictureRefused:
            refused += 1
    assert 20 < refused < 300
