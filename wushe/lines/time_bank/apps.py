"""App configuration: hours of verified service, kept for decades and exchanged for help."""

from django.apps import AppConfig


class TimeBankConfig(AppConfig):
    """Hours of verified service, kept for decades and exchanged for help."""

    name = "wushe.lines.time_bank"
    verbose_name = "时间银行"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of verified work, and register the regular work."""
        from . import events, jobs  # noqa: F401
