"""App configuration: needs: recorded, triaged, answered, met."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Needs: recorded, triaged, answered, met."""

    name = "wushe.chain.needs"
    verbose_name = "需求"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the regular work on needs."""
        from . import jobs  # noqa: F401
