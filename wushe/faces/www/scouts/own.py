"""A scout's phone: one box, one button, and below what became of the earlier leads."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import OnceForm, carry_out, posted
from wushe.faces.www.registers.forms import ASK
from wushe.practice.scouts.selectors import own_leads
from wushe.practice.scouts.services import send_lead

SIZE = 20


class LeadForm(OnceForm):
    """What was noticed."""

    words = forms.CharField(
        label="发现了什么", max_length=500, widget=forms.Textarea(attrs={"rows": 4}), error_messages=ASK,
        help_text="什么人、在哪里、有什么难处。例如：3栋的王婆婆两天没下楼，说腿肿走不动。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow("scouts:send")
def own(request: PageRequest) -> HttpResponse:
    """Send a lead, and see what became of one's own."""
    actor, form = request.actor, LeadForm(posted(request))
    if request.method == "POST" and carry_out(form, lambda clean: send_lead(actor=actor, at=timezone.now(), **clean)):
        messages.success(request, "已报给社区，处理后在这里告诉您。有生命危险请先打120或110。")
        return redirect("scouts:own")
    page = page_of(own_leads(actor=actor), request.GET, size=SIZE)
    return render(request, "www/scouts/own.html", {"page": page, "form": form}, status=422 if form.errors else 200)
