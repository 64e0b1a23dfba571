"""App configuration: residents, households, tags, relations and consents."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Residents, households, tags, relations and consents."""

    name = "wushe.registers.people"
    verbose_name = "居民与家庭"
    default_auto_field = "django.db.models.BigAutoField"
