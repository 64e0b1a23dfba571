"""A field application on the own phone (ODK Collect, KoBoCollect): what it needs to be let in, shown once, and its end."""

import json
from base64 import b64encode
from zlib import compress

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.foundation.tokens.models import TokenKind
from wushe.foundation.tokens.selectors import own_token
from wushe.foundation.tokens.services import COLLECT_RIGHTS, close_collecting, open_collecting

# The address without its last part: the application adds /formList and /submission by itself.
PLACE = "/api/openrosa"


@require_http_methods(["GET", "POST"])
@never_cache
@allow(*COLLECT_RIGHTS)
def collecting(request: PageRequest) -> HttpResponse:
    """Show whether a field application is let in; a POST lets one in and shuts out the one before."""
    server, secret, code = request.build_absolute_uri(PLACE), "", ""
    if request.method == "POST":
        _, secret = open_collecting(actor=request.actor, at=timezone.now())
        code = _code(server, request.user.get_username(), secret)
    return render(request, "www/worker/collecting.html", {
        "standing": own_token(actor=request.actor, kind=TokenKind.COLLECT), "server": server, "secret": secret, "code": code,
    })  # fmt: skip


@require_POST
@allow(*COLLECT_RIGHTS)
def close(request: PageRequest) -> HttpResponse:
    """Shut the field application out."""
    close_collecting(actor=request.actor, at=timezone.now())
    messages.success(request, "走访软件已停用，原来的密码不能再用。")
    return redirect("worker:collecting")


def _code(server: str, name: str, secret: str) -> str:
    """Return the picture that ODK Collect reads its settings from."""
    general = {"server_url": server, "username": name, "password": secret, "form_update_mode": "match_exactly"}
    settings = json.dumps({"general": general, "admin": {}, "project": {"name": "五社走访"}})
    return str(segno.make(b64encode(compress(settings.encode())).decode(), error="l").svg_data_uri(scale=4, border=4))
