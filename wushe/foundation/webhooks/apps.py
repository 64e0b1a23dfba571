"""App configuration: what happens is told to other systems, signed, in order, at least once."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """What happens is told to other systems, signed, in order, at least once."""

    name = "wushe.foundation.webhooks"
    verbose_name = "事件推送"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the job that sends."""
        from . import sending  # noqa: F401
