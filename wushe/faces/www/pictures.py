"""Give a stored picture to those who may see it."""

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse

from wushe.foundation.errors import NotFound


def stored_picture(stored: FieldFile) -> HttpResponse:
    """Return a picture, to be kept by no cache that others share; raise NotFound if its file is gone."""
    try:
        with stored.open() as file:
            content = file.read()
    except (FileNotFoundError, ValueError) as error:
        raise NotFound("照片文件不在了，请联系管理员。") from error
    response = HttpResponse(content, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
