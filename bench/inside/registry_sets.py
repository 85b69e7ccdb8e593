"""How long a process takes to build every published registry from its declaration, models too."""

import gc
import time

from bench.inside import answering
from cuaso.capabilities.registries.logic.storing import sets


def main() -> None:
    answering.ready()
    # As the web process does when it has started.
    gc.collect()
    gc.freeze()
    began = time.process_time()
    built = list(sets.ModelSet(0))
    for one in built:
        assert one.live._meta.pk is not None  # noqa: SLF001 Django's own documented door
        assert one.past._meta.pk is not None  # noqa: SLF001
    answering.tell({"registries": len(built), "seconds": time.process_time() - began})


main()
