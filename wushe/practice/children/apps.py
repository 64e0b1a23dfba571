"""App configuration: the protection of children."""

from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """The protection of children 未成年人保护."""

    name = "wushe.practice.children"
    label = "children"
    verbose_name = "未成年人保护"
    default_auto_field = "django.db.models.BigAutoField"
