"""Open the first account of an empty installation: its account administrator, who opens all others in the pages."""

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wushe.foundation.access.first import open_first_account
from wushe.foundation.access.selectors import any_account
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Refusal
from wushe.registers.areas.selectors import area_at

PASSWORD_FROM = "WUSHE_FIRST_PASSWORD"  # noqa: S105 — the name of a variable


class Command(BaseCommand):
    """Ask for what is not given; the password is never taken from the command line, where others can read it."""

    help = "开通第一个账号（账号管理员）；已有账号时拒绝"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name, the log-in and the area; what is missing is asked for."""
        parser.add_argument("--name", default="", help="姓名")
        parser.add_argument("--username", default="", help="登录名，例如 zhanghao")
        parser.add_argument("--area", default="", help="管理的区划代码，例如 511602（先用 load_areas 载入区划）")

    def handle(self, *, name: str, username: str, area: str, **options: Any) -> None:
        """Open the account or say in words why not."""
        if any_account():
            raise CommandError("已经有账号了。请用账号管理员登录，在“账号”里开通新的。")
        name, username = name or self._ask("姓名"), username or self._ask("登录名")
        place = area_at(code=area or self._ask("管理的区划代码（例如 511602）"), on=timezone.localdate())
        if place is None:
            raise CommandError("没有这个区划代码。请先载入区划：manage.py load_areas")
        password = os.environ.get(PASSWORD_FROM) or self._ask_password()
        try:
            user = open_first_account(
                actor=SYSTEM, at=timezone.now(), username=username, name=name, password=password,
                area_code=place.area_code, title=place.name, today=timezone.localdate(),
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"· 已开通账号管理员 {user.username}（{place.name}）。登录后先开通其他账号、授予身份。")

    def _ask(self, what: str) -> str:
        try:
            return input(f"{what}：").strip()
        except EOFError:
            raise CommandError(f"缺少{what}。") from None

    def _ask_password(self) -> str:
        try:
            password, again = getpass.getpass("密码（至少8位）："), getpass.getpass("再输一遍：")
        except EOFError:
            raise CommandError(f"缺少密码：在终端里输入，或放在环境变量 {PASSWORD_FROM} 里。") from None
        if password != again:
            raise CommandError("两次输入的密码不一样。")
        return password
