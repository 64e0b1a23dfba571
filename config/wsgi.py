"""WSGI entry point for the web server."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# The engine's compiled kernels are read in the background, so that no page waits for them.
from wushe.chain.dispatch import planning  # noqa: E402 — needs the applications to be ready
from wushe.chain.resources import matching  # noqa: E402


def _warm_up() -> None:
    planning.warm_up()
    matching.warm_up()
    # Half a million objects of code and addresses live as long as the process: looked through in the middle of a
    # request, they would hold it up by a quarter of a second.
    gc.collect()
    gc.freeze()


threading.Thread(target=_warm_up, name="engine-warm-up", daemon=True).start()
