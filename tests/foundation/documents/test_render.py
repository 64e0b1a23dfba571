"""Documents on paper: what a person typed stays text, rare characters of names are there, nothing outside is read."""

import re

import pytest

from wushe.foundation.documents.render import UnknownTemplate, pdf, qr

LETTER = {"title": "证明", "paragraphs": ["兹证明。"]}


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", content))


def test_a_letter_is_a_tagged_document_of_one_page() -> None:
    content = pdf(template="letter", data=LETTER)
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content
    assert pages(content) == 1


def test_long_letters_go_on_over_pages() -> None:
    assert pages(pdf(template="letter", data={**LETTER, "paragraphs": ["兹证明。" * 30] * 30})) > 2


@pytest.mark.parametrize(
    "typed", ['#panic("x")', "$ unclosed", '#read("/etc/passwd")', "*a_b[", '"\\u{0}', "<svg>", ""]
)
def test_what_was_typed_is_never_markup(typed: str) -> None:
    assert pages(pdf(template="letter", data={**LETTER, "facts": [["姓名", typed]]})) == 1


def test_rare_characters_of_names_are_in_the_font() -> None:
    """The outlines of four glyphs are embedded; for four characters that no font has it is the one empty box."""
    rare, nowhere = (
        len(pdf(template="letter", data={**LETTER, "number": text}))
        for text in ("㙍塱𬬻賨", "\ue000\ue001\ue002\ue003")
    )
    assert rare > nowhere + 700


def test_a_code_stands_on_the_page() -> None:
    code = qr("https://example.org/verify/1")
    assert code.startswith("<svg")
    assert len(pdf(template="letter", data={**LETTER, "qr": code})) > len(pdf(template="letter", data=LETTER)) + 300


@pytest.mark.parametrize("name", ["nothing", "../fonts/vendor", "/etc/passwd", ""])
def test_templates_are_those_of_the_house(name: str) -> None:
    with pytest.raises(UnknownTemplate):
        pdf(template=name, data={})
