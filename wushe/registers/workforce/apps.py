"""App configuration: paid carers and social workers: posts, skills, shifts."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Paid carers and social workers: posts, skills, shifts."""

    name = "wushe.registers.workforce"
    verbose_name = "社工与护理人员"
    default_auto_field = "django.db.models.BigAutoField"
