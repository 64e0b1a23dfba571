"""App configuration: accounts, roles, grants and the actor of every call."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Accounts, roles, grants and the actor of every call."""

    name = "wushe.foundation.access"
    verbose_name = "访问与角色"
    default_auto_field = "django.db.models.BigAutoField"
