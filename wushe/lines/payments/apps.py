"""App configuration: payments after settlement."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payments after settlement."""

    name = "wushe.lines.payments"
    verbose_name = "结算付款"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the regular work."""
        from . import jobs  # noqa: F401
