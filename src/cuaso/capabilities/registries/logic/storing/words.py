"""The words of a record: folded, kept as a tsvector without positions, matched by their beginnings.

The words are folded in Python by the one function that also folds what is searched; PostgreSQL
parses nothing, and a walk along any index tests a row in about a microsecond.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models


class WordsField(models.TextField):  # type: ignore[type-arg] # not subscriptable at run time
    """Holds folded words; give it the text that `lexemes` makes."""

    def db_type(self, connection: Any) -> str:  # noqa: ANN401, ARG002 Django's
        return "tsvector"


def lexemes(words: Iterable[str]) -> str:
    """Return words as a tsvector is written: `'hai' 'au'`."""
    return " ".join(f"'{word}'" for word in sorted(set(words)))


class Begin(models.Lookup):
    """Every given word begins some word of the record."""

    lookup_name = "begin"

    def get_prep_lookup(self) -> str:
        return " & ".join(f"'{word}':*" for word in self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ANN401 Django's
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*params, self.rhs]


WordsField.register_lookup(Begin)
