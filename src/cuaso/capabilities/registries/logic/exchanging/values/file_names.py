"""What files are called in the cells of a sheet."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from cuaso.foundation.files import api as files


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what each file of one cell is called there: its name, its id where another file of the
    cell has that name too, or the name would be read as two.
    """
    known = files.infos(tuple(dict.fromkeys(ids)))
    times = Counter(one.name.casefold() for one in known.values())
    return {
        id: str(id) if times[one.name.casefold()] > 1 or ";" in one.name else one.name
        for id, one in known.items()
    }
