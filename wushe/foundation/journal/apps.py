"""App configuration: audit and outbox in one append-only, hash-chained row."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Audit and outbox in one append-only, hash-chained row."""

    name = "wushe.foundation.journal"
    verbose_name = "台账日志"
    default_auto_field = "django.db.models.BigAutoField"
