"""App configuration: with a token, a machine acts as one grant of one person, or less."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """With a token, a machine acts as one grant of one person, or less."""

    name = "wushe.foundation.tokens"
    verbose_name = "接口令牌"
    default_auto_field = "django.db.models.BigAutoField"
