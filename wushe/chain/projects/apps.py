"""App configuration: projects that answer grouped needs, and their budget lines."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Projects that answer grouped needs, and their budget lines."""

    name = "wushe.chain.projects"
    verbose_name = "项目"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the regular work on projects."""
        from . import jobs  # noqa: F401
