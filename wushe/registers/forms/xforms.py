"""A form of the house as other field applications ask it: pyxform writes the XForm, this module says what is asked."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from wushe.foundation.errors import Conflict

from .expressions import Tree, parse
from .questions import CHOOSING, EXPRESSIONS, HOLDERS, Question

Rows = list[dict[str, str]]
_TYPES = {
    "text": "text", "integer": "integer", "decimal": "decimal", "date": "date", "photo": "image", "note": "note",
    "calculate": "calculate",
}  # fmt: skip
_ORDERED = {"<", "<=", ">", ">="}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE_DAY = "number(format-date({}, '%Y%m%d'))"


class NoXForm(Conflict):
    """A form asks something that an XForm cannot."""

    message = "这张表不能用走访软件填写，请在本系统的手机页面里填。"


def xform(*, form_id: str, title: str, version: str, survey: Rows, choices: Rows) -> str:
    """Return an XForm for these rows of an XLSForm; raise NoXForm."""
    settings = [{"form_title": _plain(title), "form_id": form_id, "version": version}]
    book = {"survey": survey, "choices": choices or _NO_CHOICES, "settings": settings}
    try:
        return str(convert(xlsform=book, form_name="record").xform)
    except PyXFormError as error:
        raise NoXForm from error


def rows_of(questions: Sequence[Question]) -> tuple[Rows, Rows]:
    """Return questions as the rows of the sheets survey and choices."""
    survey: Rows = []
    choices: Rows = []
    for question in questions:
        kind, name = question["kind"], question["name"]
        if kind in HOLDERS:
            inner, offered = rows_of(question["children"])
            survey += [_row(f"begin_{kind}", question), *inner, {"type": f"end_{kind}", "name": name}]
            choices += offered
        elif kind in CHOOSING:
            survey.append(_row(f"select_{'one' if kind == 'one' else 'multiple'} {name}", question))
            choices += [
                {"list_name": name, "name": one["code"], "label": _plain(one["label"])} for one in question["choices"]
            ]
        else:
            survey.append(_row(_TYPES[kind], question))
    return survey, choices


def written(tree: Tree) -> str:
    """Return a tree of the small language in the words of XForms."""
    kind, *parts = tree
    if kind == "n":
        return str(int(parts[0])) if float(parts[0]).is_integer() else repr(parts[0])
    if kind == "s":
        return f'"{parts[0]}"' if "'" in parts[0] else f"'{parts[0]}'"
    if kind == "ref":
        return f"${{{parts[0]}}}"
    if kind == "self":
        return "."
    if kind == "neg":
        return f"-({written(parts[0])})"
    if kind == "op":
        sign, *sides = parts
        left, right = (_day(side) if sign in _ORDERED else written(side) for side in sides)
        return f"({left} {sign} {right})"
    return _called(parts[0], [written(part) for part in parts[1:]])


def _called(name: str, given: Sequence[str]) -> str:
    if name == "years-since":
        # Whole years exactly, which no function of XForms gives: 20260520 - 19500521 = 759999.
        return f"int(({_WHOLE_DAY.format('today()')} - {_WHOLE_DAY.format(given[0])}) div 10000)"
    return f"{name}({', '.join(given)})"


def _day(side: Tree) -> str:
    text = written(side)
    return f"date({text})" if side[0] == "s" and _DAY.fullmatch(side[1]) else text


def _row(kind: str, question: Mapping[str, Any]) -> dict[str, str]:
    row = {
        "type": kind, "name": question["name"], "label": _plain(question["label"]), "hint": _plain(question["hint"]),
        "constraint_message": _plain(question["constraint_message"]) if question["constraint"] else "",
        "required": "yes" if question["required"] and question["kind"] not in HOLDERS else "",
        **{name: written(parse(question[name])) if question[name] else "" for name in EXPRESSIONS},
    }  # fmt: skip
    return {name: value for name, value in row.items() if value}


def _plain(words: str) -> str:
    """Take from words what would be read as the name of another question."""
    return words.replace("${", "$ {")


_NO_CHOICES: Rows = [{"list_name": "none", "name": "none", "label": "—"}]
