"""App configuration: forms as versioned data."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms as versioned data: what is asked at a door, when, and what an answer may be."""

    name = "wushe.registers.forms"
    label = "forms"
    verbose_name = "走访表"
    default_auto_field = "django.db.models.BigAutoField"
