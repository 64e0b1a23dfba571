"""Evidence pictures: a hostile or broken file is refused before it is decoded, and nothing but the picture is kept.

An upright JPEG of the size that phones of the product send keeps its picture and loses all else; any other is drawn
anew. What the camera wrote into the file (place, time, device) leaves either way. Before that its time and place are
read, to be compared with what the worker's device says.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, ImageOps, ImageStat, UnidentifiedImageError

from wushe.foundation.errors import Invalid

from .jpegs import bare

# Limits of the machine, not of any policy: what a phone takes is far below, what hurts a server is far above.
LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
TOO_MANY_PIXELS = "照片的像素太多，请用较低的清晰度再拍一张。"
_FORMATS = ("JPEG", "PNG", "WEBP")
_LONG_SIDE = 1600
_QUALITY = 82
# What a picture of the longest side weighs at that quality, with room for much detail.
_HEAVIEST = 800 * 1024
_HASH_SIDE = 8
# Below this spread of grey a picture (a dark room, a blank wall) has no fingerprint worth comparing.
_LEAST_CONTRAST = 6.0
_CAMERA_ZONE = ZoneInfo("Asia/Shanghai")


class PictureRefused(Invalid):
    """The file is not a picture that can be kept."""

    message = "这个文件不是可用的照片，请重新拍一张。"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept, and what the camera had written into it."""

    content: bytes
    digest: str
    picture_hash: str
    camera_at: datetime | None
    camera_place: tuple[float, float] | None


def prepared(content: bytes) -> Picture:
    """Return the picture drawn anew; raise PictureRefused for anything that is not an honest picture."""
    if not content:
        raise PictureRefused("照片是空的，请重新拍一张。")
    if len(content) > LARGEST_BYTES:
        raise PictureRefused("照片太大（超过10MB），请用较低的清晰度再拍一张。")
    try:
        # Opening reads the header alone; the size is known before a single pixel is unpacked.
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise PictureRefused(TOO_MANY_PIXELS)
            camera_at, camera_place = _camera_facts(image)
            if bones := _kept_as_it_is(image, content):
                return Picture(bones, sha256(bones).hexdigest(), _read_through(bones), camera_at, camera_place)
            image.draft("RGB", (_LONG_SIDE, _LONG_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        # Pillow tells of a broken file in all these ways.
        raise PictureRefused from error
    upright.thumbnail((_LONG_SIDE, _LONG_SIDE))
    kept = BytesIO()
    upright.save(kept, "JPEG", quality=_QUALITY)
    return Picture(kept.getvalue(), sha256(kept.getvalue()).hexdigest(), fingerprint(upright), camera_at, camera_place)


def _kept_as_it_is(image: Image.Image, content: bytes) -> bytes | None:
    """Return the bytes of a picture that need not be drawn anew; None for one that must be."""
    fits = image.format == "JPEG" and max(image.size) <= _LONG_SIDE and len(content) <= _HEAVIEST
    upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
    return bare(content) if fits and upright else None


def _read_through(content: bytes) -> str:
    """Decode what will be kept from its first to its last byte, an eighth of its size, and return its fingerprint."""
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        image.draft("L", (image.width // 8, image.height // 8))
        return fingerprint(image)


def fingerprint(image: Image.Image) -> str:
    """Return the difference hash: 64 bits that survive scaling and recompression; "" for a picture without detail."""
    grey = image.convert("L").resize((_HASH_SIDE + 1, _HASH_SIDE), Image.Resampling.LANCZOS)
    if ImageStat.Stat(grey).stddev[0] < _LEAST_CONTRAST:
        return ""
    points = list(grey.tobytes())
    rows = [points[start : start + _HASH_SIDE + 1] for start in range(0, len(points), _HASH_SIDE + 1)]
    bits = "".join("1" if left > right else "0" for row in rows for left, right in pairwise(row))
    return f"{int(bits, 2):016x}"


def _camera_facts(image: Image.Image) -> tuple[datetime | None, tuple[float, float] | None]:
    """Return the time and place that the camera wrote; None for each that is missing or senseless."""
    try:
        exif = image.getexif()
        return _taken_at(exif.get_ifd(ExifTags.IFD.Exif)), _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (OSError, SyntaxError, ValueError, TypeError, ZeroDivisionError, KeyError, AttributeError):
        # What a camera or a forger wrote there may be anything; it is a hint, never a condition.
        return None, None


def _taken_at(exif: dict[int, object]) -> datetime | None:
    text = exif.get(ExifTags.Base.DateTimeOriginal)
    if not isinstance(text, str):
        return None
    return datetime.strptime(text.strip("\x00 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=_CAMERA_ZONE)


def _place(gps: dict[int, object]) -> tuple[float, float] | None:
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    if longitude is None or latitude is None or abs(longitude) > 180 or abs(latitude) > 90:
        return None
    return longitude, latitude


def _degrees(value: object, side: object, negative: str) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in value)
    total = degrees + minutes / 60 + seconds / 3600
    return -total if side == negative else total
