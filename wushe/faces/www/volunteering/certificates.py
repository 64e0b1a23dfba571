"""The register of certificates at the desk: accept, decline, revoke, print, export."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, faults_of, one_of
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.journal.exports import note_export
from wushe.lines.volunteering import certifying
from wushe.lines.volunteering.states import CertificateState

HEAD = ["证明编号", "志愿者编号", "姓名", "起", "止", "分钟", "次数", "用途", "状态", "公示到"]


class PostForm(forms.Form):
    """Who issues a certificate and answers for it."""

    issuer = forms.CharField(label="开具单位", max_length=80)
    in_charge = forms.CharField(label="负责人", max_length=30)
    handler = forms.CharField(label="经办人", max_length=30)
    contact = forms.CharField(label="联系电话", max_length=30)


class EndForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label="原因", max_length=120)


@require_GET
@allow("volunteering:view")
def certificates(request: PageRequest) -> HttpResponse:
    """List the certificates."""
    return _show(request)


@require_POST
@allow("volunteering:view")
def export_certificates(request: PageRequest) -> HttpResponse:
    """Give the register as a file, and journal that it was taken."""
    state = one_of(request.POST.get("state", ""), CertificateState.values)
    rows = certifying.certificates(actor=request.actor, state=state, text=request.POST.get("q", "")[:40])
    found = list(rows[:MOST_ROWS])
    note_export(
        actor=request.actor, at=timezone.now(), list_name="certificates", rows=len(found), permission="volunteering:view",
        filters={"state": state} if state else {},
    )  # fmt: skip
    cells = [
        [row.number, row.volunteer.number, row.volunteer.person.name, str(row.since), str(row.until), row.minutes, row.times,
         row.purpose, row.get_state_display(), str(row.notice_until or "")]
        for row in found
    ]  # fmt: skip
    return table_file(name="certificates", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


@require_POST
@allow("volunteering:organise")
def post(request: PageRequest, pk: int) -> HttpResponse:
    """Accept an application and begin its notice."""
    form = PostForm(request.POST)
    certifying.seen_certificate(actor=request.actor, certificate_id=pk)
    done = carry_out(form, lambda clean: certifying.post_certificate(
        actor=request.actor, at=timezone.now(), certificate_id=pk, **clean
    ))  # fmt: skip
    if done is None:
        return _show(request, form=form, chosen=pk, status=422)
    messages.success(request, f"已受理，公示到{done.notice_until}，期满自动生效。")
    return redirect("volunteering:certificates")


@require_POST
@allow("volunteering:organise")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Decline or revoke."""
    form = EndForm(request.POST)
    certifying.seen_certificate(actor=request.actor, certificate_id=pk)
    done = carry_out(form, lambda clean: certifying.end_certificate(
        actor=request.actor, at=timezone.now(), certificate_id=pk, reason=clean["reason"]
    ))  # fmt: skip
    if done is None:
        messages.error(request, faults_of(form))
        return _show(request, status=422)
    messages.success(request, "已记下，并告诉了志愿者。")
    return redirect("volunteering:certificates")


def _show(request: PageRequest, *, form: PostForm | None = None, chosen: int = 0, status: int = 200) -> HttpResponse:
    state, text = one_of(request.GET.get("state", ""), CertificateState.values), request.GET.get("q", "")[:40]
    page = page_of(certifying.certificates(actor=request.actor, state=state, text=text), request.GET, size=30)
    context = {
        "page": page, "state": state, "q": text, "states": CertificateState.choices, "chosen": chosen,
        "form": form or PostForm(initial={"handler": request.actor.name}), "may": request.actor.may("volunteering:organise"),
        "export_url": reverse("volunteering:export_certificates"), "export_values": [("state", state), ("q", text)],
    }  # fmt: skip
    return render(request, "www/volunteering/certificates.html", context, status=status)
