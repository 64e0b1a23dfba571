"""App configuration: small wishes."""

from django.apps import AppConfig


class WishesConfig(AppConfig):
    """Small wishes 微心愿."""

    name = "wushe.lines.wishes"
    label = "wishes"
    verbose_name = "微心愿"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let claims run out each night."""
        from . import jobs  # noqa: F401
