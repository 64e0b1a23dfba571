"""A disk of ordinary speed on a machine whose disk is fast: each flush takes at least so long, for everybody alike.

A library of a few lines, compiled when it is asked for, stands before the C library's `fsync` and `fdatasync`: it calls
them, then sleeps until the time is over, as a thread sleeps that waits for a disk. It holds for the floor, for the
bare database and for the server. Only what goes through the C library is slowed: SQLite does, and it is checked.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slowed(const char *name, int file) {
    struct timespec until;
    const char *wanted = getenv("BENCH_FLUSH_US");
    clock_gettime(CLOCK_MONOTONIC, &until);
    long nanoseconds = until.tv_nsec + (wanted ? atol(wanted) : 0) * 1000L;
    until.tv_sec += nanoseconds / 1000000000L;
    until.tv_nsec = nanoseconds % 1000000000L;
    int answer = ((int (*)(int)) dlsym(RTLD_NEXT, name))(file);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL)) {}
    return answer;
}

int fsync(int file) { return slowed("fsync", file); }
int fdatasync(int file) { return slowed("fdatasync", file); }
"""


def begin_again_with(flush_ms: float, *, module: str, folder: Path) -> None:
    """Start this program anew with every flush taking at least so many milliseconds; return if it is so already."""
    if os.environ.get("BENCH_FLUSH_US"):
        return
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise SystemExit("--flush-ms needs a C compiler")
    library = folder / "slow_disk.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-x", "c", "-", "-o", str(library), "-ldl"]
    subprocess.run(command, input=SOURCE.encode(), check=True)
    os.environ |= {"BENCH_FLUSH_US": str(round(1000 * flush_ms)), "LD_PRELOAD": str(library)}
    os.execv(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]])


def slows(pid: int) -> bool:
    """Say whether a process runs with the library (Linux)."""
    return "slow_disk.so" in Path(f"/proc/{pid}/maps").read_text()
