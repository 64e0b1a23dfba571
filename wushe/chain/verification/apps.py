"""App configuration: visits verified by someone who did not perform them."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Visits verified by someone who did not perform them."""

    name = "wushe.chain.verification"
    verbose_name = "核验"
    default_auto_field = "django.db.models.BigAutoField"
