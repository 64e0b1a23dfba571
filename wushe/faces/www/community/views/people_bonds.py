"""What ties a resident to others and to rules: categories, relatives, consents."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people import RelationForm, TagForm
from wushe.faces.www.community.forms.people_life import ConsentForm, WithdrawForm
from wushe.faces.www.refusing import carry_out, posted, whole
from wushe.foundation.errors import Invalid
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names
from wushe.registers.people.bonds import end_relation, end_tag, relate, set_tag
from wushe.registers.people.consents import give_consent, is_child, notice_for, withdraw_consent
from wushe.registers.people.selectors import find_people, person_of, relations_of, tag_kinds

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def add_tag(request: PageRequest, person_id: int) -> HttpResponse:
    """Give a resident a category with its evidence."""
    actor, at = request.actor, timezone.now()
    someone = person_of(actor=actor, person_id=person_id)
    form = TagForm(posted(request), kinds=tag_kinds(sensitive=True), initial={"starts_on": timezone.localdate()})
    if (
        request.method == "POST"
        and carry_out(form, lambda clean: set_tag(actor=actor, at=at, person_id=someone.pk, **clean)) is not None
    ):
        messages.success(request, "标签已添加。")
        return redirect("community:person", someone.pk)
    context = {"form": form, "person": someone, "title": "添加标签", "do": "添加标签"}
    return render(request, "www/community/person_part.html", context, status=422 if form.errors else 200)


@require_POST
@desk("people:edit")
def remove_tag(request: PageRequest, person_id: int, tag_id: int) -> HttpResponse:
    """End a resident's category today."""
    end_tag(actor=request.actor, at=timezone.now(), tag_id=tag_id, ends_on=timezone.localdate())
    messages.success(request, "标签已结束。")
    return redirect("community:person", person_id)


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def add_relative(request: PageRequest, person_id: int) -> HttpResponse:
    """Find a relative in the register and say what they are to this resident."""
    actor, at = request.actor, timezone.now()
    person = person_of(actor=actor, person_id=person_id)
    form = RelationForm(request.POST if "relative" in request.POST else None)
    relative_id = whole(request.POST.get("relative", ""))
    if (
        relative_id is not None
        and carry_out(
            form,
            lambda clean: relate(actor=actor, at=at, person_id=person.pk, relative_id=relative_id, **clean),
        )
        is not None
    ):
        messages.success(request, "亲属已登记。")
        return redirect("community:person", person.pk)
    text = request.POST.get("q", "").strip()[:40]
    found = list(find_people(actor=actor, text=text).exclude(pk=person.pk)[:MOST_FOUND]) if text else []
    places = place_names(codes=[p.community_code for p in found], from_level=Level.COMMUNITY)
    context = {"person": person, "form": form, "q": text,
               "found": [(one, places.get(one.community_code, "")) for one in found]}  # fmt: skip
    return render(request, "www/community/add_relative.html", context, status=422 if form.errors else 200)


@require_POST
@desk("people:edit")
def remove_relative(request: PageRequest, person_id: int, relation_id: int) -> HttpResponse:
    """Strike out a relation."""
    end_relation(actor=request.actor, at=timezone.now(), person_id=person_id, relation_id=relation_id)
    messages.success(request, "亲属关系已删去，历史会保留。")
    return redirect("community:person", person_id)


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def add_consent(request: PageRequest, person_id: int) -> HttpResponse:
    """Write down what a resident, or who may act for them, agreed to."""
    actor, at = request.actor, timezone.now()
    today = timezone.localdate(at)
    someone = person_of(actor=actor, person_id=person_id)
    child = is_child(someone, on=today)
    form = ConsentForm(
        posted(request), person=someone, relations=relations_of(person=someone), child=child,
        initial={"notice_version": notice_for(someone, on=today)},
    )  # fmt: skip
    if (
        request.method == "POST"
        and carry_out(form, lambda clean: give_consent(actor=actor, at=at, person_id=someone.pk, **clean)) is not None
    ):
        messages.success(request, "同意已登记。")
        return redirect("community:person", someone.pk)
    lead = "未满14周岁，由监护人或父母同意，并使用儿童告知书。" if child else "先读告知书，再登记；每一种用途分开同意。"
    context = {"form": form, "person": someone, "title": "登记知情同意", "do": "登记同意", "lead": lead}
    return render(request, "www/community/person_part.html", context, status=422 if form.errors else 200)


@require_POST
@desk("people:edit")
def remove_consent(request: PageRequest, person_id: int) -> HttpResponse:
    """Withdraw what a resident had agreed to."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={"purpose": "请选择用途。"})
    withdraw_consent(actor=request.actor, at=timezone.now(), person_id=person_id, **form.cleaned_data)
    messages.success(request, "同意已撤回，从现在起不再用于这个用途。")
    return redirect("community:person", person_id)
