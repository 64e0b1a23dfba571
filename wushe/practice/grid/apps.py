"""App configuration: grid cases."""

from django.apps import AppConfig


class GridConfig(AppConfig):
    """Grid cases 网格事项."""

    name = "wushe.practice.grid"
    label = "grid"
    verbose_name = "网格事项"
    default_auto_field = "django.db.models.BigAutoField"
