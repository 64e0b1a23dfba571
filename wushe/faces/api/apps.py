"""App configuration: machine interface."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Machine interface."""

    name = "wushe.faces.api"
    verbose_name = "接口"
    default_auto_field = "django.db.models.BigAutoField"
