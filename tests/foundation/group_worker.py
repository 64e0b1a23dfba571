"""Many threads that write through group commit and report each answered write; for a test that kills them."""

import os
import sys
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.utils import timezone

from wushe.foundation.group_commit import commit_with_others
from wushe.foundation.idempotency.models import ClientKey

THREADS = 6


def write_for_ever(user_id: int) -> None:
    """Write two rows per call, which belong together, and report the call once it is answered."""
    for number in range(1_000_000):

        def work(key: str = str(number)) -> None:
            for half in "ab":
                ClientKey.objects.create(user_id=user_id, key=f"{key}{half}", call="t", digest="", at=timezone.now())

        commit_with_others(work)
        os.write(1, f"{user_id} {number}\n".encode())


if __name__ == "__main__":
    first = int(sys.argv[1])
    for offset in range(THREADS):
        threading.Thread(target=write_for_ever, args=(first + offset,)).start()
