"""App configuration: phones that keep something."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Phones that keep something."""

    name = "wushe.foundation.devices"
    label = "devices"
    verbose_name = "工作手机"
    default_auto_field = "django.db.models.BigAutoField"
