"""Print a log-in for each role of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from wushe.demonstration.accounts import PASSWORD, SIGN_INS
from wushe.foundation.roles import ROLES


class Command(BaseCommand):
    """Print the table."""

    help = "显示演示账号"

    def handle(self, **options: Any) -> None:
        """Print user name, role and what the role does; all share one password."""
        self.stdout.write(f"  演示账号（密码都是 {PASSWORD}）/ demonstration log-ins, one password")
        for sign_in in SIGN_INS:
            self.stdout.write(f"    {sign_in.username:<9} {ROLES[sign_in.role_code].title}：{sign_in.what}")
