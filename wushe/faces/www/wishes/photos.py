"""Photos of wishes that came true: added by who brought it or by the desk, seen by the desk alone."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.pictures import stored_picture
from wushe.faces.www.refusing import carry_out
from wushe.lines.wishes.claiming import add_photo, claim_to_follow
from wushe.lines.wishes.selectors import photo_of


class PhotoForm(forms.Form):
    """One photo."""

    photo = forms.FileField(
        label="照片", allow_empty_file=True, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text="拍东西送到、事情做完的样子；尽量不拍人脸，拍人要先征得同意。",
        error_messages={"required": "请选择一张照片。", "invalid": "请选择一张照片。"},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow("wishes:claim", "wishes:edit")
def add(request: PageRequest, pk: int) -> HttpResponse:
    """Add a photo to a claim."""
    actor = request.actor
    claim = claim_to_follow(actor=actor, claim_id=pk)
    back = ("wishes:follow", pk) if actor.may("wishes:claim") else ("registers:wish", claim.wish_id)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.method == "POST" and carry_out(
        form, lambda clean: add_photo(actor=actor, at=timezone.now(), claim_id=pk, content=clean["photo"].read())
    ):
        messages.success(request, "照片已保存。")
        return redirect(*back)
    shell = "www/shell_phone.html" if actor.may("wishes:claim") else "www/shell_desk.html"
    context = {"form": form, "wish": claim.wish, "shell": shell}
    return render(request, "www/wishes/photo.html", context, status=422 if form.errors else 200)


@require_GET
@allow("wishes:view")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show one photo within the desk's scope."""
    return stored_picture(photo_of(actor=request.actor, photo_id=pk).file)
