"""Load divisions: the provinces, cities and counties that come with the product, and the tables of an installation."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid
from wushe.registers.reference import load_division_file


class Command(BaseCommand):
    """Safe to repeat: what is known stays."""

    help = "载入区划：全国省、市、县随产品提供；街道和社区由 CSV 表（code,name）补充"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the tables of streets and communities."""
        parser.add_argument("tables", nargs="*", type=Path, help="街道、社区的区划表，两列：code,name")

    def handle(self, *, tables: list[Path], **options: Any) -> None:
        """Load the whole country down to counties, then each table."""
        today = timezone.localdate()
        for path in [settings.BASE_DIR / "data/divisions/china.csv", *tables]:
            try:
                count = load_division_file(
                    actor=SYSTEM, at=timezone.now(), path=path, valid_from=date(today.year, 1, 1)
                )  # fmt: skip
            except (OSError, KeyError, UnicodeDecodeError) as fault:
                raise CommandError(f"读不了 {path}：应是 UTF-8 的 CSV 表，第一行是 code,name。") from fault
            except Invalid as refusal:
                raise CommandError(f"{path}：{refusal.message}") from refusal
            self.stdout.write(f"· {path.name}：新增区划 {count:,} 个")
