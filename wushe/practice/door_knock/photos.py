"""Pictures taken at doors: kept once however often they arrive, drawn anew, seen only within scope."""

from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.files.base import ContentFile

from wushe.chain.visits.pictures import prepared
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain

from .models import DoorPhoto, Target

MOST_PHOTOS = 40


def add_photo(
    *, actor: Actor, at: datetime, target_id: int, client_id: UUID, content: bytes, taken_at: datetime
) -> DoorPhoto:
    """Keep a picture of a door; the same number again gives the same picture.

    Raises NotAllowed, NotFound, PictureRefused, Invalid for too many, KeyReused for another picture under its number.
    """
    actor.require("door_knock:visit")
    obtain(Target, actor, pk=target_id)
    sent = sha256(content).hexdigest()
    # Drawn anew before the transaction: no writer waits for the decoding of a picture.
    picture = prepared(content).content
    return _keep(
        actor=actor, at=at, target_id=target_id, client_id=client_id, picture=picture, sent=sent, taken_at=taken_at
    )


def photo_of(*, actor: Actor, photo_id: int) -> DoorPhoto:
    """Return one picture within scope; raise NotAllowed, NotFound."""
    actor.require("door_knock:view")
    return obtain(DoorPhoto, actor, pk=photo_id)


@domain_call("door_knock:visit")
def _keep(
    *, actor: Actor, at: datetime, target_id: int, client_id: UUID, picture: bytes, sent: str, taken_at: datetime
) -> DoorPhoto:
    target = obtain(Target.objects.select_for_update(of=("self",)), actor, pk=target_id)
    known = DoorPhoto.objects.filter(client_id=client_id).first()
    if known is not None:
        if (known.target_id, known.sent_digest) != (target.pk, sent):
            raise KeyReused
        return known
    if target.photos.count() >= MOST_PHOTOS:
        raise Invalid(f"一户最多保存{MOST_PHOTOS}张照片。")
    photo = DoorPhoto(
        target=target, client_id=client_id, sent_digest=sent, size=len(picture), taken_at=taken_at, received_at=at,
        recorded_by=actor.user_id,
    )  # fmt: skip
    photo.file.save(f"{client_id}.jpg", ContentFile(picture), save=False)
    try:
        photo.save(force_insert=True)
    except Exception:
        # Whatever refused the row, its file is not kept.
        with suppress(OSError):
            photo.file.delete(save=False)
        raise
    record(kind="target.photo", subject=target, actor=actor, at=at, data={"photo": photo.pk})
    return photo
