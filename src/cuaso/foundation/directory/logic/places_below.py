from datetime import date

from cuaso.foundation.directory import models
from cuaso.foundation.directory.logic.memory import MEMORY


@MEMORY.keep
def places_below(code: str, on: date) -> tuple[str, ...]:
    """Return the codes of a place and of all places in it on a day."""
    found, level = [code], [code]
    while level:
        inside = models.Place.objects.valid_on(on).filter(parent_code__in=level)
        level = list(inside.order_by("code").values_list("code", flat=True))
        found += level
    return tuple(found)
