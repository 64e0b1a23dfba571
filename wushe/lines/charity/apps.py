"""App configuration: charity money from the giver to the receipt."""

from django.apps import AppConfig


class CharityConfig(AppConfig):
    """Charity money from the giver to the receipt."""

    name = "wushe.lines.charity"
    verbose_name = "慈善资金"
    default_auto_field = "django.db.models.BigAutoField"
