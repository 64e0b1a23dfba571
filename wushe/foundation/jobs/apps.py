"""App configuration: work that must not be lost: jobs with lease, retry and schedule."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that must not be lost: jobs with lease, retry and schedule."""

    name = "wushe.foundation.jobs"
    verbose_name = "后台任务"
    default_auto_field = "django.db.models.BigAutoField"
