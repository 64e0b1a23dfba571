"""What everybody may see: the rules of four cities side by side, and whether a statement is what the books say."""

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
    """Compare the rules of four cities, each with its source and certainty."""
    actor = getattr(request, "actor", None)
    home = actor.area_code if actor else ""
    heads = [name for _, name in selectors.REGIONS] + (["本地"] if home else [])
    found = selectors.compared(on=timezone.localdate(), own_region=home)
    rows = [
        (title, [_cell(head, row) for head, row in zip(heads, presets, strict=True)]) for _, title, presets in found
    ]
    return render(request, "www/time_bank/rules.html", {"heads": heads, "rows": rows})


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


def _cell(head: str, row: Preset | None) -> dict[str, object]:
    """Return what one city says about one rule."""
    if row is None:
        return {"head": head}
    return {
        "head": head, "value": plain(row.value, row.unit), "source": row.source, "own": bool(row.region),
        "certainty": row.get_certainty_display(), "tone": _TONES[row.certainty],
    }  # fmt: skip
