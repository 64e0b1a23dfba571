"""App configuration: which of the five societies meets a need, with which money."""

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    """Which of the five societies meets a need, with which money."""

    name = "wushe.chain.resources"
    verbose_name = "资源链接"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what follows when a need leaves the chain."""
        from . import events  # noqa: F401
