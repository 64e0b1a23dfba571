"""App configuration: a client's request takes effect once, however often it arrives."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """A client's request takes effect once, however often it arrives."""

    name = "wushe.foundation.idempotency"
    verbose_name = "防重复提交"
    default_auto_field = "django.db.models.BigAutoField"
