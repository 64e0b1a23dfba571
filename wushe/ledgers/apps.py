"""App configuration: double entry, append-only: time, money, goods."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """Double entry, append-only: time, money, goods."""

    name = "wushe.ledgers"
    verbose_name = "账本"
    default_auto_field = "django.db.models.BigAutoField"
