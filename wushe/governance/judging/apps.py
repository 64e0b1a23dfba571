"""App configuration: residents judge."""

from django.apps import AppConfig


class JudgingConfig(AppConfig):
    """Residents judge 居民评判."""

    name = "wushe.governance.judging"
    label = "judging"
    verbose_name = "居民评判"
    default_auto_field = "django.db.models.BigAutoField"
