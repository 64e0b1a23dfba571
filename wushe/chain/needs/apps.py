"""App configuration: needs: recorded, triaged, answered, met."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Needs: recorded, triaged, answered, met."""

    name = "wushe.chain.needs"
    verbose_name = "需求"
    default_auto_field = "django.db.models.BigAutoField"
