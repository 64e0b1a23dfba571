"""App configuration: goods from the giver to who uses them."""

from django.apps import AppConfig


class GoodsConfig(AppConfig):
    """Goods from the giver to who uses them."""

    name = "wushe.lines.goods"
    verbose_name = "慈善物资"
    default_auto_field = "django.db.models.BigAutoField"
