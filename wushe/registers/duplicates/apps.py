"""App configuration: tickets for records that may be one person, and their merging."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """Tickets for records that may be one person, and their merging."""

    name = "wushe.registers.duplicates"
    verbose_name = "查重"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the nightly comparison and what asks for one at once."""
        from . import events, jobs  # noqa: F401
