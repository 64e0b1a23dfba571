"""App configuration: double check-in."""

from django.apps import AppConfig


class CheckInConfig(AppConfig):
    """Double check-in 双报到."""

    name = "wushe.governance.check_in"
    label = "check_in"
    verbose_name = "双报到"
    default_auto_field = "django.db.models.BigAutoField"
