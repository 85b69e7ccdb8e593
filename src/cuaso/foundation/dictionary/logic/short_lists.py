"""The codes of all short lists at once, for descriptions that name them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from django.db import connection

from cuaso.foundation.dictionary.logic.memory import MEMORY
from cuaso.kernel import clock

_SHORT: Final = """
select list_id, array_agg(code order by position)
from dictionary_code join dictionary_codelist held on held.id = code_list_id
where (from_date is null or from_date <= %(day)s) and (until_date is null or until_date > %(day)s)
group by list_id having count(*) <= %(most)s
"""


@MEMORY.keep
def short_lists(most: int, on: date | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return by list the codes valid on a day (today), of the lists that have so many at most."""
    with connection.cursor() as cursor:
        cursor.execute(_SHORT, {"day": on or clock.today(), "most": most})
        return MappingProxyType({name: tuple(codes) for name, codes in cursor.fetchall()})
