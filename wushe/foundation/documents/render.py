"""Set a document as PDF: a layout of `layouts/` and plain data in, the bytes of a tagged PDF out.

Layouts read their data by `json(bytes(sys.inputs.data))` and the frame of an office document from `office.typ`.
Nothing is fetched: fonts and layouts are those of the product, those of the machine are not looked at.
"""

import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parent
LAYOUTS, FONTS = HOME / "layouts", HOME / "fonts"


class UnknownTemplate(LookupError):
    """There is no such template: a mistake of the program, not of a user."""


def pdf(*, template: str, data: Mapping[str, Any]) -> bytes:
    """Return the document as PDF.

    `data` is anything that JSON can hold; whatever a person typed is set as text, never read as markup. Raises
    UnknownTemplate.
    """
    import typst  # 80 MB that only those who print need

    source = LAYOUTS / f"{template}.typ"
    if source.parent != LAYOUTS or not source.is_file():
        raise UnknownTemplate(template)
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return bytes(typst.compile(str(source), root=str(LAYOUTS), font_paths=_fonts(), sys_inputs=inputs))


def qr(address: str) -> str:
    """Return a QR code as SVG text, for the key `qr` of a document's data."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


@cache
def _fonts() -> Any:
    """Read the fonts once for the process."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
