"""Replay a kept plan of dispatch from its own documents and say whether it comes out the same."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from wushe.chain.dispatch.services import replay_plan
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotFound


class Command(BaseCommand):
    """Solve the kept problem again with its seed; the exit code is 0 only if the plan is the same."""

    help = "重算一个保存的派工方案，核对是否完全一样"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the numbers of the plans."""
        parser.add_argument("plan", type=int, nargs="+", help="方案编号")

    def handle(self, **options: Any) -> None:
        """Print one line for each plan."""
        unequal = 0
        for number in options["plan"]:
            try:
                found = replay_plan(actor=SYSTEM, at=timezone.now(), plan_id=number)
            except NotFound as none:
                raise CommandError(f"没有编号为{number}的方案。") from none
            version = "" if found.same_version else f"（引擎已换成 {found.engine_version}）"
            told = "完全一样 / equal" if found.equal else f"不一样 / unequal{version}：{'、'.join(found.differences)}"
            self.stdout.write(f"方案 {number}：{told}")
            unequal += not found.equal
        if unequal:
            raise CommandError(f"{unequal} 个方案重算不一样。")
