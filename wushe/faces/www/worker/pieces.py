"""Photos in pieces: a phone asks how far one has come, sends on from there, and names it in the record when it is whole."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wushe.chain.visits.pictures import LARGEST_BYTES
from wushe.faces.www.access import PageRequest, allow
from wushe.foundation.errors import Invalid
from wushe.foundation.pieces import add_piece, forget, length, whole

TOO_LARGE = "照片太大（超过10MB），请用较低的清晰度再拍一张。"


class PieceForm(forms.Form):
    """One piece and where in the photo it begins."""

    offset = forms.IntegerField(min_value=0, max_value=LARGEST_BYTES)
    piece = forms.FileField()


class WholeForm(forms.Form):
    """What a record says of a photo that was sent before it."""

    client_id = forms.UUIDField()
    photo_size = forms.IntegerField(min_value=1, max_value=LARGEST_BYTES)
    photo_digest = forms.CharField(max_length=64)


@require_http_methods(["GET", "POST"])
@never_cache
@allow("door_knock:visit", "visits:perform")
def pieces(request: PageRequest, number: UUID) -> HttpResponse:
    """Tell how far a photo has come; a POST brings its next piece."""
    user_id = request.actor.user_id
    if request.method == "GET":
        return JsonResponse({"offset": length(user_id=user_id, number=number)})
    form = PieceForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"message": "没有收到照片，请再试一次。"}, status=422)
    try:
        offset = add_piece(
            user_id=user_id, number=number, offset=form.cleaned_data["offset"], content=form.cleaned_data["piece"].read(),
            largest=LARGEST_BYTES,
        )  # fmt: skip
    except Invalid as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return JsonResponse({"offset": offset})


def photo_of(request: PageRequest) -> bytes:
    """Return the photo of a record, sent with it or in pieces before it, b"" for none; raise Invalid, PiecesMissing."""
    photo = request.FILES.get("photo")
    if photo is not None:
        if (photo.size or 0) > LARGEST_BYTES:
            raise Invalid(TOO_LARGE)
        return bytes(photo.read())
    sent = WholeForm(request.POST)
    if not sent.is_valid():
        return b""
    given = sent.cleaned_data
    return whole(
        user_id=request.actor.user_id, number=given["client_id"], size=given["photo_size"], digest=given["photo_digest"]
    )


def photo_kept(request: PageRequest, client_id: UUID) -> None:
    """Throw the pieces away: the photo is kept with its record."""
    forget(user_id=request.actor.user_id, number=client_id)
