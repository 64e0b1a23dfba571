"""App configuration: the demonstration district, generated from a seed and labelled so."""

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """The demonstration district, generated from a seed and labelled so."""

    name = "wushe.demonstration"
    verbose_name = "演示区"
    default_auto_field = "django.db.models.BigAutoField"
