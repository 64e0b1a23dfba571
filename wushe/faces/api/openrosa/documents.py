"""What field applications read: the list of forms, the list of files beside a form, and a message."""

from collections.abc import Mapping
from hashlib import md5
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

XML = "text/xml; charset=utf-8"
_SPACE = "http://openrosa.org/{}"


def message(words: str, *, status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return a message that the application shows its user."""
    root = Element("OpenRosaResponse", xmlns=_SPACE.format("http/response"))
    nature = "submit_success" if status < 400 else "submit_error"
    SubElement(root, "message", nature=nature).text = words
    return _answer(root, status=status, headers=headers)


def form_list(forms: list[dict[str, str]]) -> HttpResponse:
    """Return the list of forms; each is given by the words of the standard."""
    return _answer(_listed("xforms", "xform", _SPACE.format("xforms/xformsList"), forms))


def manifest(files: list[dict[str, str]]) -> HttpResponse:
    """Return the list of files that belong to a form."""
    return _answer(_listed("manifest", "mediaFile", _SPACE.format("xforms/xformsManifest"), files))


def fingerprint(content: bytes) -> str:
    """Return what the standard calls the hash of a file: it tells that a file has changed, and guards nothing."""
    return f"md5:{md5(content, usedforsecurity=False).hexdigest()}"


def _listed(root_name: str, name: str, space: str, rows: list[dict[str, str]]) -> Element:
    root = Element(root_name, xmlns=space)
    for row in rows:
        one = SubElement(root, name)
        for part, words in row.items():
            SubElement(one, part).text = words
    return root


def _answer(root: Element, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(content, status=status, content_type=XML, headers=dict(headers or {}))
