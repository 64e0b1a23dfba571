"""App configuration: Excel rounds."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RoundsConfig(AppConfig):
    """Excel rounds: spreadsheets into registers."""

    name = "wushe.registers.rounds"
    label = "rounds"
    verbose_name = "表格导入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs, and the intakes of the apps that have one."""
        from . import jobs  # noqa: F401

        autodiscover_modules("intake")
