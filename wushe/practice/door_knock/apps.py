"""App configuration: door-knock campaigns."""

from django.apps import AppConfig


class DoorKnockConfig(AppConfig):
    """Door-knock campaigns 敲门行动."""

    name = "wushe.practice.door_knock"
    label = "door_knock"
    verbose_name = "敲门行动"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what becomes of needs."""
        from . import events  # noqa: F401
