"""App configuration: hours to an account, money against a budget line."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Hours to an account, money against a budget line."""

    name = "wushe.chain.settlement"
    verbose_name = "结算"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear what is accepted, and register the regular work."""
        from . import events, jobs  # noqa: F401
