"""Policy numbers in plain words: by subject, with place, dates, source and certainty; a new value begins on a day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import DayInput, posted
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.presets.models import Certainty, Preset
from wushe.foundation.presets.selectors import history, standing
from wushe.foundation.presets.services import COUNTED_EITHER_WAY, set_preset
from wushe.foundation.presets.wording import PARTS, plain, subject_of, unit_words
from wushe.foundation.quantities import fen_from_yuan
from wushe.registers.areas.selectors import children_of, place_names

_TONES = {
    Certainty.LAW: ("done", "gavel"), Certainty.PAGE: ("done", "file-text"), Certainty.CODE: ("check", "git-branch"),
    Certainty.DERIVED: ("check", "calculator"), Certainty.MEMORY: ("wait", "help-circle"),
    Certainty.VARIES: ("wait", "help-circle"), Certainty.OWN: ("rest", "adjustments-horizontal"),
}  # fmt: skip


class PresetForm(forms.Form):
    """A new value: where, from when, on what ground. The fields of the value follow its kind."""

    region = forms.ChoiceField(label="适用范围", error_messages={"required": "请选择适用范围。"})
    effective_from = forms.DateField(
        label="从哪天起", widget=DayInput(),
        error_messages={"required": "请填写生效日期。", "invalid": "日期写得不对，请从日历里选。"},
    )  # fmt: skip
    source = forms.CharField(
        label="依据", max_length=200, help_text="文件名称和文号，例如：广民发〔2026〕12号",
        error_messages={"required": "请写明依据（文件名称或文号）。"},
    )  # fmt: skip
    note = forms.CharField(label="为什么调整", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, known: Preset, regions: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.value_names = []
        for name, field in _value_fields(known).items():
            self.fields[name] = field
            self.value_names.append(name)
        if known.key in COUNTED_EITHER_WAY:
            self.fields["unit"] = forms.ChoiceField(
                label="怎么算", choices=[("minutes", "分钟（按日历，节假日也算）"), ("working_days", "工作日（周末和节假日不算）")],
                initial=known.unit, error_messages={"required": "请选择怎么算。", "invalid_choice": "请选择怎么算。"},
            )  # fmt: skip
            self.fields["value"].help_text = "特急、紧急宜用分钟；一般、可缓可以用工作日"
        self.order_fields([*self.value_names, "unit", "region", "effective_from", "source", "note"])

    def value(self) -> Any:
        """Return the new value in the form of the old one; raise Invalid for a list entry that is no number."""
        given = [self._given(name) for name in self.value_names]
        if isinstance(self.known.value, dict):
            return dict(zip(self.known.value, given, strict=True))
        if isinstance(self.known.value, list):
            return _entries(given[0], numbers=all(isinstance(one, int) for one in self.known.value))
        return given[0] == "yes" if isinstance(self.known.value, bool) else given[0]

    def _given(self, name: str) -> Any:
        """Return a cleaned value; money is filled in as yuan and kept as fen."""
        value = self.cleaned_data[name]
        return fen_from_yuan(value) if isinstance(value, Decimal) else value


@require_GET
@allow("presets:edit", "oversight:view")
def presets_page(request: PageRequest) -> HttpResponse:
    """Show the policy numbers in force in the actor's area, by subject."""
    words, certainty = request.GET.get("q", "").strip(), request.GET.get("certainty", "")
    rows = standing(area_code=request.actor.area_code, on=timezone.localdate())
    subjects = sorted({subject_of(row.key) for row in rows})
    chosen = request.GET.get("subject", "")
    places = place_names(codes=[row.region for row in rows], from_level=2)
    counts = {name: sum(1 for row in rows if subject_of(row.key) == name) for name in subjects}
    shown = [
        row
        for row in rows
        if (not chosen or subject_of(row.key) == chosen)
        and (not words or words in row.title or words in row.note or words in row.source)
        and (not certainty or row.certainty == certainty)
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in shown:
        groups.setdefault(subject_of(row.key), []).append(_shown(row, places))
    return render(request, "www/district/presets.html", {
        "groups": sorted(groups.items()),
        "subjects": [(name, name, counts[name]) for name in subjects],
        "certainties": Certainty.choices,
        "total": len(shown),
        "may_edit": request.actor.may("presets:edit"),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow("presets:edit", "oversight:view")
def preset_page(request: PageRequest, key: str) -> HttpResponse:
    """Show one policy number with its history; set a new value in two steps, the second shows what will change."""
    past = history(key=key)
    if not past:
        raise NotFound
    today = timezone.localdate()
    now = next((row for row in standing(area_code=request.actor.area_code, on=today) if row.key == key), None)
    known = now or past[0]
    form, step, will = None, 1, ""
    if request.actor.may("presets:edit"):
        form = PresetForm(known, _regions(request, today), posted(request), initial=_initial(request, known, today))
        if request.method == "POST" and form.is_valid():
            step, will = _next_step(request, form)
            if step == 3:
                messages.success(request, f"已保存：{known.title}，{will}。")
                return redirect("district:preset", key=key)
    elif request.method == "POST":
        raise NotFound
    places = place_names(codes=[row.region for row in past], from_level=2)
    return render(request, "www/district/preset.html", {
        "known": _shown(known, places),
        "in_force": now is not None,
        "subject": subject_of(key),
        "history": [_shown(row, places) for row in past],
        "form": form,
        "step": step,
        "will": will,
        "today": today,
    }, status=422 if form is not None and form.errors else 200)  # fmt: skip


def _next_step(request: PageRequest, form: PresetForm) -> tuple[int, str]:
    """Return 2 to ask for confirmation, 3 when saved, 1 with errors in the form."""
    data = form.cleaned_data
    try:
        value = form.value()
        place = dict(form.fields["region"].choices)[data["region"]]  # type: ignore[attr-defined]
        day: date = data["effective_from"]
        unit = data.get("unit", form.known.unit)
        will = f"{day.year}年{day.month}月{day.day}日起，{place}改为{plain(value, unit)}"
        if request.POST.get("confirmed") != "yes":
            return 2, will
        set_preset(
            actor=request.actor, at=timezone.now(), key=form.known.key, region=data["region"], value=value,
            effective_from=day, source=data["source"], note=data["note"], unit=unit,
        )  # fmt: skip
    except Invalid as fault:
        for name, message in (fault.fields or {"": fault.message}).items():
            form.add_error(form.value_names[0] if name == "value" else name if name in form.fields else None, message)
        return 1, ""
    return 3, will


def _shown(row: Preset, places: dict[str, str]) -> dict[str, Any]:
    tone, icon = _TONES[Certainty(row.certainty)]
    return {
        "row": row,
        "value": plain(row.value, row.unit),
        "place": places.get(row.region, row.region) if row.region else "全国",
        "tone": tone,
        "icon": icon,
        "address": reverse("district:preset", args=[row.key]),
    }


def _regions(request: PageRequest, today: date) -> list[tuple[str, str]]:
    own = request.actor.area_code
    names = place_names(codes=[own], from_level=2) if own else {}
    inside = list(children_of(code=own, on=today)) if own else []
    return [(own, f"{names.get(own, '全国')}（本辖区）"), *((one.area_code, one.name) for one in inside)]


def _initial(request: PageRequest, known: Preset, today: date) -> dict[str, Any]:
    first = {"region": request.actor.area_code, "effective_from": (today + timedelta(days=1)).isoformat()}
    value = known.value
    if isinstance(value, dict):
        return first | {f"value_{name}": _yuan(part) if name.endswith("_fen") else part for name, part in value.items()}
    if isinstance(value, list):
        return first | {"value": "\n".join(str(one) for one in value)}
    if isinstance(value, bool):
        return first | {"value": "yes" if value else "no"}
    return first | {"value": _yuan(value) if known.unit == "fen" else value}


def _value_fields(known: Preset) -> dict[str, forms.Field]:
    value, unit = known.value, unit_words(known.unit)
    wrong = {"required": "请填写新的数值。", "invalid": "请填写整数。", "min_value": "不能小于0。"}
    if isinstance(value, dict):
        return {
            f"value_{name}": _money_field(f"新的{PARTS.get(name, name)}".replace("（分）", "（元）"))
            if name.endswith("_fen")
            else forms.IntegerField(label=f"新的{PARTS.get(name, name)}", min_value=0, error_messages=wrong)
            for name in value
        }
    if known.unit == "fen":
        return {"value": _money_field("新的数值（元）")}
    if isinstance(value, bool):
        choices = [("yes", "是"), ("no", "否")]
        return {"value": forms.ChoiceField(label="新的数值", choices=choices, widget=forms.RadioSelect)}
    if isinstance(value, list):
        area = forms.Textarea(attrs={"rows": min(8, len(value) + 1)})
        return {"value": forms.CharField(label="新的数值", help_text="每行一项", widget=area, error_messages=wrong)}
    if isinstance(value, str):
        return {"value": forms.CharField(label="新的数值", max_length=60, error_messages=wrong)}
    hint = f"单位：{unit}" if unit else ""
    if isinstance(value, float):
        return {"value": forms.FloatField(label="新的数值", help_text=hint, min_value=0, error_messages=wrong)}
    return {"value": forms.IntegerField(label="新的数值", help_text=hint, min_value=0, error_messages=wrong)}


def _money_field(label: str) -> forms.DecimalField:
    wrong = {"required": "请填写金额。", "invalid": "请填写金额，例如 120.00。", "min_value": "不能小于0。",
             "max_decimal_places": "最多两位小数。"}  # fmt: skip
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=2, error_messages=wrong)


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _entries(text: str, *, numbers: bool) -> list[Any]:
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not numbers:
        return found
    try:
        return [int(one) for one in found]
    except ValueError:
        raise Invalid(fields={"value": "每行填一个整数。"}) from None
