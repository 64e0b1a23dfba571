"""App configuration: selections."""

from django.apps import AppConfig


class SelectionsConfig(AppConfig):
    """公益创投 and 政府购买服务."""

    name = "wushe.lines.selections"
    label = "selections"
    verbose_name = "公益创投和政府购买"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Close entry and let late material lapse each night."""
        from . import jobs  # noqa: F401
