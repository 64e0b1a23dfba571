"""App configuration: what the worker and the scheduler run."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """What the worker and the scheduler run."""

    name = "wushe.faces.jobs"
    label = "faces_jobs"
    verbose_name = "任务入口"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the upkeep that belongs to no stage of the chain."""
        from . import upkeep  # noqa: F401
