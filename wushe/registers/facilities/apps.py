"""App configuration: stations, centres, meal points and other places of service."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    """Stations, centres, meal points and other places of service."""

    name = "wushe.registers.facilities"
    verbose_name = "服务设施"
    default_auto_field = "django.db.models.BigAutoField"
