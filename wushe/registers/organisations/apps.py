"""App configuration: social organisations, charities and units."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Social organisations, charities and units."""

    name = "wushe.registers.organisations"
    verbose_name = "社会组织"
    default_auto_field = "django.db.models.BigAutoField"
