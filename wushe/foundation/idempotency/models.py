"""Client keys: what a request with this key did, so that the same request again only repeats the answer."""

from django.db import models


class ClientKey(models.Model):
    """A key chosen by a client before sending, with a digest of the request and the answer it got."""

    key = models.CharField(max_length=64)
    user_id = models.BigIntegerField()
    call = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_client_key"
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="idempotency_once")]
