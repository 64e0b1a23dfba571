"""App configuration: communities, their councils and backbone roles."""

from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    """Communities, their councils and backbone roles."""

    name = "wushe.registers.communities"
    verbose_name = "社区"
    default_auto_field = "django.db.models.BigAutoField"
