"""App configuration: visits that come due."""

from django.apps import AppConfig


class DueVisitsConfig(AppConfig):
    """Visits that come due 定期探访."""

    name = "wushe.practice.due_visits"
    label = "due_visits"
    verbose_name = "定期探访"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens at doors and in the register, and keep the nightly work."""
        from . import events, jobs  # noqa: F401
