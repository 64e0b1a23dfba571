"""App configuration: visits: sign-in, evidence, sign-out."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits: sign-in, evidence, sign-out."""

    name = "wushe.chain.visits"
    verbose_name = "上门服务"
    default_auto_field = "django.db.models.BigAutoField"
