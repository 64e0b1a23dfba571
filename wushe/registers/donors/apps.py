"""App configuration: donors and owners of resources."""

from django.apps import AppConfig


class DonorsConfig(AppConfig):
    """Donors and owners of resources."""

    name = "wushe.registers.donors"
    verbose_name = "捐赠人"
    default_auto_field = "django.db.models.BigAutoField"
