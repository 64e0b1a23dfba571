"""App configuration: activities and posts with shifts, hours with their provenance, records and certificates."""

from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    """Activities and posts with shifts, hours with their provenance, records and certificates."""

    name = "wushe.lines.volunteering"
    verbose_name = "志愿服务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear what the chain has settled, and register the regular work."""
        from . import events, jobs  # noqa: F401
