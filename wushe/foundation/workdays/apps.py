"""App configuration: which days are worked."""

from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    """Which days are worked."""

    name = "wushe.foundation.workdays"
    verbose_name = "节假日"
    default_auto_field = "django.db.models.BigAutoField"
