"""The web process's entry point (WSGI: measured to serve several times more than ASGI)."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

# Its classes take half a second to build, thrice as long once Django is up: not at a request.
from cuaso.channels.rest.scim import schemas  # noqa: F401 built here, used by the view
from cuaso.kernel.errors import Refusal
from cuaso.wiring import environment, production
from cuaso.wiring.observability import logs
from cuaso.wiring.sharing import Sharing
from cuaso.wiring.words import complain

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cuaso.wiring.settings")
logs.configure()
application = Sharing(get_wsgi_application(), shares=environment.web_shares())
try:
    production.refuse()
except Refusal as refusal:
    complain(refusal)
    sys.exit(1)
# What is loaded now stays for good: to walk it again and again would stop a page for 0.2 s.
gc.collect()
gc.freeze()
# A request leaves next to nothing that only a walk finds; by Python's own numbers one in forty
# would stop for a walk of everything that was remembered since.
gc.set_threshold(10_000, 10, 50)
