"""App configuration: visits verified by someone who did not perform them."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Visits verified by someone who did not perform them."""

    name = "wushe.chain.verification"
    verbose_name = "核验"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear what happens to visits, and register the regular work."""
        from . import events, jobs  # noqa: F401
