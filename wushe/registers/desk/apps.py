"""App configuration: what every register's desk has in common."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What every register's desk has in common."""

    name = "wushe.registers.desk"
    verbose_name = "台账工作台"
    default_auto_field = "django.db.models.BigAutoField"
