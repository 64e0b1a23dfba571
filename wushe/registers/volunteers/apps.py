"""App configuration: volunteers, teams and standing posts."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """Volunteers, teams and standing posts."""

    name = "wushe.registers.volunteers"
    verbose_name = "志愿者"
    default_auto_field = "django.db.models.BigAutoField"
