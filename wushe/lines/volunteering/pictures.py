"""Photos of an activity: drawn anew without what the camera wrote; those that show minors stay within scope."""

from datetime import datetime

from django.core.files.base import ContentFile

from wushe.chain.visits.pictures import prepared
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain

from .models import Activity, Photo

MOST_PHOTOS = 60


@domain_call("volunteering:organise")
def add_photo(
    *, actor: Actor, at: datetime, activity_id: int, content: bytes, minors: bool, caption: str = ""
) -> Photo:
    """Keep a photo of an activity. Raises NotFound, PictureRefused, Invalid, Conflict beyond the most."""
    activity = obtain(Activity.objects.select_for_update(of=("self",)), actor, pk=activity_id)
    if len(caption := caption.strip()) > 60:
        raise Invalid(fields={"caption": "说明请写在60字以内。"})
    picture = prepared(content)
    known = activity.photos.filter(digest=picture.digest).first()
    if known:
        return known
    if activity.photos.count() >= MOST_PHOTOS:
        raise Conflict(f"一项活动最多放{MOST_PHOTOS}张照片。")
    photo = Photo(
        activity=activity, digest=picture.digest, minors=minors, caption=caption, taken_at=at, taken_by=actor.user_id
    )
    photo.file.save(f"{picture.digest[:24]}.jpg", ContentFile(picture.content), save=False)
    photo.save(force_insert=True)
    record(kind="activity.photo", subject=activity, actor=actor, at=at, data={"photo": photo.pk, "minors": minors})
    return photo


@domain_call("volunteering:organise")
def hold_photo(*, actor: Actor, at: datetime, photo_id: int) -> Photo:
    """Keep a photo within scope on which a minor was overlooked; there is no way back. Raises NotFound."""
    photo = obtain(Photo.objects.select_related("activity"), actor, pk=photo_id)
    if Photo.objects.filter(pk=photo.pk, minors=False).update(minors=True):
        record(kind="activity.hold_photo", subject=photo.activity, actor=actor, at=at, data={"photo": photo.pk})
        photo.minors = True
    return photo


def photo_of(*, actor: Actor, photo_id: int) -> Photo:
    """Return a photo within the actor's scope; raise NotFound otherwise."""
    actor.require("volunteering:view")
    return obtain(Photo, actor, pk=photo_id)
