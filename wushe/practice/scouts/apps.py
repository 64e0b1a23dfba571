"""App configuration: scouts' leads."""

from django.apps import AppConfig


class ScoutsConfig(AppConfig):
    """Scouts' leads 排困员线索."""

    name = "wushe.practice.scouts"
    label = "scouts"
    verbose_name = "排困员线索"
    default_auto_field = "django.db.models.BigAutoField"
