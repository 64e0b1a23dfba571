"""WSGI entry point for the web server."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# The engine's compiled kernels are read in the background, so that no page waits for them.
from wushe.chain.dispatch.planning import warm_up  # noqa: E402 — needs the applications to be ready

threading.Thread(target=warm_up, name="engine-warm-up", daemon=True).start()
