"""A filled XForm, read as what it is: bytes of a stranger. Nothing outside them is looked up, nothing in them is run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from wushe.foundation.errors import Invalid

from .evaluating import Answers
from .questions import DEEPEST, Question

LARGEST_BYTES = 1024 * 1024
_NAMESPACES = {"", "http://www.w3.org/2002/xforms", "http://openrosa.org/xforms"}
_MOST_LEVELS = DEEPEST + 4


class UnreadableSubmission(Invalid):
    """The file is no filled form."""

    message = "这份记录的格式不对，没有收下。请更新走访软件里的表格后再试。"


@dataclass(frozen=True, slots=True)
class Submission:
    """One filled form: which form, the number its phone gave it, and the number of the one that it corrects."""

    form_id: str
    version: str
    number: UUID
    corrects: UUID | None
    root: Element


def read_submission(content: bytes) -> Submission:
    """Return a filled form; raise UnreadableSubmission for anything else, however it is made."""
    if not content or len(content) > LARGEST_BYTES:
        raise UnreadableSubmission("这份记录是空的，或者太大（超过1MB），没有收下。")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        # A broken file, one with entities of its own, one in an encoding that nobody knows.
        raise UnreadableSubmission from error
    _refuse_strange_parts(root)
    meta = child(root, "meta")
    number = _number(text_of(meta, "instanceID")) if meta is not None else None
    if number is None:
        raise UnreadableSubmission("这份记录没有编号（instanceID），没有收下。")
    return Submission(root.get("id", ""), root.get("version", ""), number, _number(text_of(meta, "deprecatedID")), root)


def children(node: Element, name: str) -> Iterator[Element]:
    """Yield the parts of a record that have a name, whichever prefix they carry."""
    return (one for one in node if one.tag.rpartition("}")[2] == name)


def child(node: Element, name: str) -> Element | None:
    """Return the first part with a name."""
    return next(children(node, name), None)


def text_of(node: Element | None, name: str) -> str:
    """Return what stands in the first part with a name, "" if there is none."""
    found = None if node is None else child(node, name)
    return "" if found is None else (found.text or "").strip()


def answers_in(node: Element | None, questions: Sequence[Question], photo: Callable[[str], str]) -> Answers:
    """Return the answers of a record in the shape in which the product's own phone page sends them.

    `photo` gives the number of a picture by the name of its file.
    """
    found: Answers = {}
    for question in questions if node is not None else ():
        kind, name = question["kind"], question["name"]
        if kind == "group":
            found |= answers_in(child(node, name), question["children"], photo)  # type: ignore[arg-type]
        elif kind == "repeat":
            rows = (answers_in(row, question["children"], photo) for row in children(node, name))  # type: ignore[arg-type]
            found[name] = [{"id": str(place), **row} for place, row in enumerate(rows)]
        elif text := text_of(node, name):
            found[name] = [photo(text)] if kind == "photo" else text
    return found


def photos_in(node: Element | None, questions: Sequence[Question]) -> set[str]:
    """Return the names of the files that a record speaks of."""
    names: set[str] = set()
    answers_in(node, questions, lambda name: names.add(name) or name)  # type: ignore[func-returns-value]
    return names


def _refuse_strange_parts(root: Element) -> None:
    """Refuse words of other languages than that of filled forms, and depths that no form of ours has."""
    level = [root]
    for _ in range(_MOST_LEVELS):
        for node in level:
            space, _, _name = str(node.tag).rpartition("}")
            if space.removeprefix("{") not in _NAMESPACES:
                raise UnreadableSubmission
        level = [below for node in level for below in node]
        if not level:
            return
    raise UnreadableSubmission


def _number(text: str) -> UUID | None:
    try:
        return UUID(text.removeprefix("uuid:")) if text.startswith("uuid:") else None
    except ValueError:
        return None
