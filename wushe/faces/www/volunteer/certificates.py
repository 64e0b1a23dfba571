"""Certificates: asked for by the volunteer, printed, and checked by anybody who holds one."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest, allow, public
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import DayInput, carry_out, posted
from wushe.foundation.errors import NotFound
from wushe.lines.volunteering import certifying
from wushe.lines.volunteering.models import Certificate


class ApplyForm(forms.Form):
    """For which time a certificate is wanted, and what for."""

    since = forms.DateField(label="从哪天", widget=DayInput)
    until = forms.DateField(label="到哪天", widget=DayInput)
    purpose = forms.CharField(label="用途", max_length=60)


@require_http_methods(["GET", "POST"])
@allow("volunteering:join")
def certificates(request: PageRequest) -> HttpResponse:
    """Show one's certificates and ask for another."""
    today = timezone.localdate()
    form = ApplyForm(posted(request), initial={"since": today.replace(month=1, day=1), "until": today})
    if request.method == "POST":
        done = carry_out(form, lambda clean: certifying.apply_for_certificate(
            actor=request.actor, at=timezone.now(), since=clean["since"], until=clean["until"], purpose=clean["purpose"]
        ))  # fmt: skip
        if done is not None:
            messages.success(request, "已申请，等社区受理。开具证明不收任何费用。")
            return redirect("volunteer:certificates")
    page = page_of(certifying.my_certificates(actor=request.actor), request.GET, size=20)
    context = {"form": form, "page": page}
    return render(request, "www/volunteer/certificates.html", context, status=422 if form.errors else 200)


@require_GET
@allow("volunteering:join", "volunteering:view")
def printed(request: PageRequest, pk: int) -> HttpResponse:
    """Give a certificate as PDF to its volunteer, and to those in whose scope it is."""
    return certificate_file(request, certifying.given_certificate(actor=request.actor, certificate_id=pk))


@require_GET
@public
def verify(request: HttpRequest) -> HttpResponse:
    """Say whether a certificate with this number and code was given, and for what."""
    number, code = request.GET.get("number", "")[:30], request.GET.get("code", "")[:32]
    row, said = None, ""
    if number or code:
        try:
            row = certifying.checked(number=number, code=code)
        except NotFound as refusal:
            said = refusal.message
    context = {"row": row, "said": said, "number": number, "code": code, "shown": row.lines[:50] if row else []}
    return render(request, "www/volunteer/verify.html", context)


def certificate_file(request: HttpRequest, row: Certificate) -> HttpResponse:
    """Answer with the PDF of a certificate."""
    place = f"{reverse('volunteer:verify')}?number={row.number}&code={row.code}"
    content = certifying.printed(certificate=row, address=request.build_absolute_uri(place))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
