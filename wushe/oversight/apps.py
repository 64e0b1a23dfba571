"""App configuration: indicators, and where the chain breaks."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Indicators, and where the chain breaks."""

    name = "wushe.oversight"
    verbose_name = "监督"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the regular work."""
        from . import jobs  # noqa: F401
