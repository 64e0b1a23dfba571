"""App configuration: orders: placed 点单, sent 送单, accepted 接单."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders: placed 点单, sent 送单, accepted 接单."""

    name = "wushe.chain.orders"
    verbose_name = "订单"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the regular work on orders, and what ends them."""
        from . import events, jobs  # noqa: F401
