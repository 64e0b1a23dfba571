"""The helper's phone: whom one stands by, who is due, and a look-in noted in two taps."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import OnceForm, carry_out, posted
from wushe.foundation.errors import NotFound
from wushe.practice.due_visits.models import Finding
from wushe.practice.due_visits.pairing import look_ins_of, own_pair, own_pairs
from wushe.practice.due_visits.pairs import LOOKS_IN, look_in

FACES = [
    (Finding.SEEN, "mood-smile"), (Finding.CALLED, "phone"), (Finding.HELP, "hand-finger"),
    (Finding.NO_ANSWER, "alert-triangle"),
]  # fmt: skip


class OwnLookInForm(OnceForm):
    """One tap; a few words where something is wanted."""

    finding = forms.ChoiceField(label="情况", choices=Finding.choices, error_messages={"required": "请点一下情况。"})
    note = forms.CharField(
        label="要说明的", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "最多200字，请写得短一些。"},
    )  # fmt: skip


@require_GET
@allow(LOOKS_IN)
def mine(request: PageRequest) -> HttpResponse:
    """Show whom one stands by, what is due first."""
    context = {"pairs": own_pairs(actor=request.actor), "today": timezone.localdate(), "shell": _shell(request)}
    return render(request, "www/due_visits/mine.html", context)


@require_http_methods(["GET", "POST"])
@allow(LOOKS_IN)
def one(request: PageRequest, pair_id: int) -> HttpResponse:
    """Say how somebody is: one tap on the first page, one here."""
    row = own_pair(actor=request.actor, pair_id=pair_id)
    if row is None:
        raise NotFound
    form = OwnLookInForm(posted(request))
    if request.method == "POST":
        made = carry_out(form, lambda clean: look_in(actor=request.actor, at=timezone.now(), pair_id=pair_id, **clean))
        if made is not None:
            told = "已记下，社区已收到，会马上有人处理。" if made.need_id else "已记下，谢谢您。"
            messages.success(request, told)
            return redirect("due_visits:mine")
    context = {
        "row": row, "form": form, "today": timezone.localdate(), "look_ins": look_ins_of(pair=row)[:5],
        "faces": [(finding.value, finding.label, icon) for finding, icon in FACES], "shell": _shell(request),
    }  # fmt: skip
    return render(request, "www/due_visits/look_in.html", context, status=422 if form.errors else 200)


def _shell(request: PageRequest) -> str:
    """Return the frame of the role: volunteers have the phone's, residents their large one."""
    return "www/shell_phone.html" if request.actor.role_code == "volunteer" else "www/shell_resident.html"
