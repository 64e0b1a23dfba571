"""App configuration: pages by journey."""

from django.apps import AppConfig


class WwwConfig(AppConfig):
    """Pages by journey."""

    name = "wushe.faces.www"
    verbose_name = "网页"
    default_auto_field = "django.db.models.BigAutoField"
