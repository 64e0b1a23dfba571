"""App configuration: policy numbers as dated, regional, sourced data."""

from django.apps import AppConfig


class PresetsConfig(AppConfig):
    """Policy numbers as dated, regional, sourced data."""

    name = "wushe.foundation.presets"
    verbose_name = "政策预设"
    default_auto_field = "django.db.models.BigAutoField"
