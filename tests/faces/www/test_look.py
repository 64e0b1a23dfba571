"""The look keeps its promises: readable colours, known icons, vendored files as recorded."""

import re
import runpy

import pytest

from tests.architecture.sources import ROOT
from wushe.faces.www.navigation import DESK, PHONE
from wushe.faces.www.state_looks import LOOKS, UNKNOWN
from wushe.faces.www.templatetags.ui import NOTICE_ICONS, icon_names

CSS = ROOT / "wushe/faces/www/static/www/css"
TONES = ("done", "going", "wait", "stop", "check", "rest")
GROUNDS = ("paper", "surface", "sunken")
ON_GROUNDS = ("ink", "ink-2", "ink-3", "pine", "pine-deep", *TONES)
PAIRS = [
    *((text, ground) for text in ON_GROUNDS for ground in GROUNDS),
    *((text, f"{tone}-tint") for tone in TONES for text in (tone, "ink", "ink-2")),
    *((text, "pine-tint") for text in ("ink", "ink-2", "pine", "pine-deep")),
    *((text, "pine-night") for text in ("on-dark", "on-dark-2")),
    *(("surface", ground) for ground in ("pine", "pine-deep", "stop", "seal", "ink")),
]


def _tokens() -> dict[str, str]:
    root = (CSS / "tokens.css").read_text().split("[data-shell", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", root))


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_right() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(text: str, ground: str) -> None:
    tokens = _tokens()
    assert _contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_control_is_visible(ground: str) -> None:
    tokens = _tokens()
    assert _contrast(tokens["line-strong"], tokens[ground]) >= 3


def test_every_named_icon_is_in_the_sprite() -> None:
    named = {look.icon for look in (*LOOKS.values(), UNKNOWN)} | set(NOTICE_ICONS.values())
    named |= {entrance.icon for entrance in (*PHONE, *(e for section in DESK for e in section.entrances))}
    for template in (ROOT / "wushe/faces").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', template.read_text()))
    assert named - icon_names() == set()


def test_every_look_has_a_known_tone() -> None:
    assert {look.tone for look in (*LOOKS.values(), UNKNOWN)} <= set(TONES)


def test_vendored_files_are_as_recorded() -> None:
    assert runpy.run_path(str(ROOT / "tools/vendor_assets.py"))["changed_files"]() == []


def test_vendored_files_name_no_source_map() -> None:
    vendored = [p for p in (CSS.parent / "vendor").rglob("*") if p.suffix in {".js", ".css"}]
    assert len(vendored) >= 2
    assert [p.name for p in vendored if "sourceMappingURL" in p.read_text()] == []


def test_sheets_name_nothing_outside() -> None:
    assert [p.name for p in CSS.glob("*.css") if re.search(r"url\(|@import|https?:", p.read_text())] == []
