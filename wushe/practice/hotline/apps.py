"""App configuration: hotline orders."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """Hotline orders 接诉即办."""

    name = "wushe.practice.hotline"
    label = "hotline"
    verbose_name = "接诉即办"
    default_auto_field = "django.db.models.BigAutoField"
