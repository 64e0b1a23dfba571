"""Bring an installation up to date: database, policy data, demonstration, static files. Safe to repeat."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from wushe.foundation.actor import SYSTEM
from wushe.foundation.statistics import count_anew
from wushe.registers.catalogue.selectors import edition_on
from wushe.registers.holders import place_grants
from wushe.registers.reference import load_policy, load_reference_data


class Command(BaseCommand):
    """Do only what is not yet done, so that every start may call it."""

    help = "准备：建表、演示数据、页面文件"

    def handle(self, **options: Any) -> None:
        """Migrate, load the demonstration or the reference data alone, and gather the static files."""
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("· 建立数据表 / migrating the database")
            call_command("migrate", interactive=False, verbosity=0)
        # The first start compiles the engine, on another core while this one loads.
        engine = subprocess.Popen([sys.executable, "manage.py", "compile_engine"], cwd=settings.BASE_DIR)
        if settings.DEMONSTRATION:
            call_command("load_demonstration", before_planning=engine.wait)
        if edition_on(day=timezone.localdate()) is None:
            self.stdout.write("· 载入政策数值和服务目录 / loading presets and catalogue")
            load_reference_data(actor=SYSTEM, at=timezone.now(), folder=settings.BASE_DIR / "data")
        else:
            # A release may ask for numbers that an older installation has never heard of.
            load_policy(actor=SYSTEM, at=timezone.now(), folder=settings.BASE_DIR / "data")
        place_grants(actor=SYSTEM, at=timezone.now())
        count_anew()
        self._gather_static_files()
        engine.wait()

    def _gather_static_files(self) -> None:
        """Gather only if a source file has changed: compressing them takes most of a start."""
        stamp = Path(settings.STATIC_ROOT) / ".sources"
        wanted = _digest_of_sources()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        self.stdout.write("· 整理页面文件 / gathering static files")
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(wanted)


def _digest_of_sources() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
