"""App configuration: administrative areas by code, from province to building."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Administrative areas by code, from province to building."""

    name = "wushe.registers.areas"
    verbose_name = "区划"
    default_auto_field = "django.db.models.BigAutoField"
