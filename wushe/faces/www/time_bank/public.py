"""What everybody may see: the rules of four cities side by side, and whether a statement is what the books say."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import public
from wushe.faces.www.refusing import posted
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.wording import plain
from wushe.lines.time_bank import selectors
from wushe.lines.time_bank.seals import confirms

from .forms import CheckForm

_TONES = {"L": "done", "P": "done", "C": "done", "D": "check", "M": "wait", "m": "wait", "X": "rest"}


@require_GET
@public
def rules(request: HttpRequest) -> HttpResponse:
    """Compare the rules of four cities: what a city has settled itself first; the sources numbered below."""
    actor = getattr(request, "actor", None)
    home = actor.area_code if actor else ""
    heads = [name for _, name in selectors.REGIONS] + (["本地"] if home else [])
    found = selectors.compared(on=timezone.localdate(), own_region=home)
    notes = Notes()
    settled: list[Any] = []
    left: list[Any] = []
    for _, title, presets in found:
        cells = [_cell(head, row, notes) for head, row in zip(heads, presets, strict=True)]
        said = next(row for row in presets if row)
        (settled if any(cell.get("own") for cell in cells) else left).append((title, said.note, cells))
    context = {"heads": heads, "settled": settled, "left": left, "notes": notes.rows}
    return render(request, "www/time_bank/rules.html", context)


@require_http_methods(["GET", "POST"])
@public
def check(request: HttpRequest) -> HttpResponse:
    """Say whether the books still give the hash that stands on somebody's statement. Nothing else is told."""
    form = CheckForm(posted(request))
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        good, seal = confirms(
            number=clean["number"].strip().upper(), lines=clean["lines"], head=clean["head"].strip().lower()
        )
        context |= {"asked": True, "good": good, "seal": seal}
    return render(request, "www/time_bank/check.html", context, status=422 if form.errors else 200)


class Notes:
    """The sources of a comparison, each numbered where it is first named."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, row: Preset) -> int:
        """Return the number of a rule's source."""
        known = row.source, row.certainty
        if known not in self._numbers:
            self._numbers[known] = len(self._numbers) + 1
            self.rows.append({
                "number": self._numbers[known], "source": row.source, "certainty": row.get_certainty_display(),
                "tone": _TONES[row.certainty],
            })  # fmt: skip
        return self._numbers[known]


def _cell(head: str, row: Preset | None, notes: Notes) -> dict[str, object]:
    """Return what one city says about one rule."""
    if row is None:
        return {"head": head}
    return {"head": head, "value": plain(row.value, row.unit), "own": bool(row.region), "note": notes.number(row)}
