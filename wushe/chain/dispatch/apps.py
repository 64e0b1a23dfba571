"""App configuration: the day planned by the engine and confirmed by a person."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """The day planned by the engine and confirmed by a person."""

    name = "wushe.chain.dispatch"
    verbose_name = "调度"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what dispatch learns from orders, and its regular work."""
        from . import events, jobs  # noqa: F401
