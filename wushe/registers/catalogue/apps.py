"""App configuration: service catalogue: editions, items, packages."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Service catalogue: editions, items, packages."""

    name = "wushe.registers.catalogue"
    verbose_name = "服务目录"
    default_auto_field = "django.db.models.BigAutoField"
