"""One's own registrations: a volunteer's on the phone, an organisation's at its desk."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import OnceForm, carry_out, posted
from wushe.faces.www.registers.forms import ASK, RowChoice, number_field
from wushe.governance.check_in import services
from wushe.governance.check_in.models import Standing
from wushe.governance.check_in.selectors import own_check_ins, units_near
from wushe.lines.volunteering.own import own_volunteer
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, tree
from wushe.registers.organisations.selectors import organisation_of

SIZE = 20
_OFFERS = "例如：周末辅导作业、义诊、修家电、提供会议室。"


class OwnForm(OnceForm):
    """As what a volunteer registers where they live."""

    standing = forms.ChoiceField(label="身份", choices=Standing.choices, widget=forms.RadioSelect, error_messages=ASK)
    unit_id = RowChoice(label="所在单位", required=False, help_text="单位已报到的可以选。")
    offers = forms.CharField(label="能做什么", required=False, max_length=200, help_text=_OFFERS)

    def __init__(self, data: Any, *, area_code: str) -> None:
        super().__init__(data)
        known = [(one.pk, one.name) for one in units_near(area_code=area_code)]
        self.fields["unit_id"].choices = [("", "没有"), *known]  # type: ignore[attr-defined]


class OwnUnitForm(OnceForm):
    """With which community an organisation registers."""

    area_code = forms.ChoiceField(label="到哪个社区报到", error_messages=ASK)
    branch = forms.CharField(label="党支部", required=False, max_length=60)
    headcount = number_field("在职党员人数")
    contact_name = forms.CharField(label="联系人", required=False, max_length=40)
    contact_phone = forms.CharField(label="联系电话", required=False, max_length=30)
    offers = forms.CharField(label="能做什么", required=False, max_length=200, help_text=_OFFERS)

    def __init__(self, data: Any, *, places: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["area_code"].choices = [("", "请选择"), *places]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@allow("check_in:ask_own")
def own(request: PageRequest) -> HttpResponse:
    """Register with the community where one lives, and see how it stands."""
    actor, volunteer = request.actor, own_volunteer(request.actor)
    form = OwnForm(posted(request), area_code=volunteer.area_code)
    if request.method == "POST" and carry_out(
        form, lambda clean: services.check_in_oneself(actor=actor, at=timezone.now(), **clean)
    ):
        messages.success(request, "已报到，等社区确认。")
        return redirect("check_in:own")
    return _page(request, "www/check_in/own.html", form)


@require_http_methods(["GET", "POST"])
@allow("check_in:ask_unit")
def unit(request: PageRequest) -> HttpResponse:
    """Register the organisation with a community, and see how it stands."""
    actor = request.actor
    seat = organisation_of(actor=actor, organisation_id=actor.organisation_id or 0)
    form = OwnUnitForm(posted(request), places=_places(seat.area_code))
    if request.method == "POST" and carry_out(
        form, lambda clean: services.check_in_own_unit(actor=actor, at=timezone.now(), **clean)
    ):
        messages.success(request, "已报到，等社区确认。")
        return redirect("check_in:unit")
    return _page(request, "www/check_in/unit.html", form)


def _page(request: PageRequest, template: str, form: forms.Form) -> HttpResponse:
    page = page_of(own_check_ins(actor=request.actor), request.GET, size=SIZE)
    places = place_names(codes=[one.area_code for one in page.rows], from_level=Level.STREET)
    context = {"page": page, "form": form, "places": places}
    return render(request, template, context, status=422 if form.errors else 200)


def _places(area_code: str) -> list[tuple[str, str]]:
    rows = tree(code=area_code[: Level.DISTRICT], on=timezone.localdate())
    return [
        (one.area_code, one.name) for one in rows if one.level == Level.COMMUNITY
    ]  # fmt: skip
