"""Find published procedures by what people type."""

import re
from collections.abc import Collection
from typing import TypedDict

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import ExpressionWrapper, F, FloatField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, Round

from cuaso.kernel import text as letters
from cuaso.services.catalogue.contracts import DescribedCard, Finds
from cuaso.services.catalogue.logic.memory import TYPED
from cuaso.services.catalogue.models import PublishedProcedure

LIMIT = 20
MOST = 100
MOST_WORDS = 12
RANK_STEPS = 1_000_000
BY_LENGTH = 2
NOTHING = Finds(cards=(), after="")
_MARK = re.compile(r"(?P<way>[ao])(?P<rank>[0-9]{1,9})-(?P<code>[0-9A-Z.]{1,40})")


class Among(TypedDict):
    """The procedures that are looked through, and how many a page shows."""

    field: str
    level: str
    size: int
    excluding: tuple[str, ...]


def search(
    *,
    text: str = "",
    field: str = "",
    level: str = "",
    limit: int = LIMIT,
    after: str = "",
    excluding: Collection[str] = (),
    loosely: bool = True,
) -> Finds:
    """Return a page of procedures that have all the words; `loosely`, else those that have some.

    Words match with or without marks, by their beginnings, in title, code, field and agency.
    Without words: every procedure by title. `after` is the mark of an earlier page; one that nobody
    gave begins anew.
    """
    among: Among = {
        "field": field,
        "level": level,
        "size": max(1, min(limit, MOST)),
        "excluding": there(excluding),
    }
    words = words_of(text)
    if not words:
        return _by_title(after, **among)
    mark = _MARK.fullmatch(after)
    if mark is not None:
        last = (int(mark["rank"]), mark["code"])
        return _ranked(words, way=mark["way"], after=last, **among) or NOTHING
    found = _ranked(words, way="a", **among)
    if found is None and loosely and len(words) > 1:
        found = _ranked(words, way="o", **among)
    return found or NOTHING


def there(codes: Collection[str]) -> tuple[str, ...]:
    """Return those codes that the catalogue has: the fewer, the shorter each question."""
    return tuple(sorted(_codes().intersection(codes))) if codes else ()


@TYPED.keep
def _codes() -> frozenset[str]:
    return frozenset(PublishedProcedure.objects.values_list("code", flat=True))


def _narrowed(
    *, field: str, level: str, excluding: tuple[str, ...]
) -> QuerySet[PublishedProcedure]:
    rows = PublishedProcedure.objects.exclude(code__in=excluding)
    if field:
        rows = rows.filter(field=field)
    return rows.filter(levels__contains=[level]) if level else rows


@TYPED.keep
def _by_title(
    after: str, *, size: int, field: str, level: str, excluding: tuple[str, ...]
) -> Finds:
    rows = _narrowed(field=field, level=level, excluding=excluding)
    if after:
        last = PublishedProcedure.objects.filter(code=after).values_list("sort_key", flat=True)
        rows = rows.filter(Q(sort_key__gt=last[:1]) | Q(sort_key=last[:1], code__gt=after))
    found = list(rows.order_by("sort_key", "code")[: size + 1])
    more = found[size - 1].code if len(found) > size else ""
    return Finds(cards=tuple(card(row) for row in found[:size]), after=more)


@TYPED.keep
def _ranked(
    words: tuple[str, ...],
    *,
    way: str,
    size: int,
    field: str,
    level: str,
    excluding: tuple[str, ...],
    after: tuple[int, str] | None = None,
) -> Finds | None:
    rows = _narrowed(field=field, level=level, excluding=excluding)
    query = SearchQuery(joined(words, way), config="simple", search_type="raw")
    # A whole number, so that the mark of a page compares exactly.
    steps = ExpressionWrapper(
        SearchRank(F("words"), query, normalization=BY_LENGTH) * Value(float(RANK_STEPS)),
        output_field=FloatField(),
    )
    ranked = rows.filter(words=query).annotate(rank=Cast(Round(steps), IntegerField()))
    if after:
        rank, code = after
        ranked = ranked.filter(Q(rank__lt=rank) | Q(rank=rank, code__gt=code))
    found = list(ranked.order_by("-rank", "code")[: size + 1])
    if not found:
        return None
    last = found[size - 1] if len(found) > size else None
    mark = f"{way}{last.rank}-{last.code}" if last else ""
    return Finds(cards=tuple(card(row) for row in found[:size]), after=mark)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of what was typed, without marks."""
    return tuple(re.findall(r"[\w.]+", letters.fold(text))[:MOST_WORDS])


def joined(words: tuple[str, ...], way: str) -> str:
    """Return the query for all words by their beginnings (`a`), or for some of them whole."""
    if way == "a":
        return " & ".join(f"'{word}':*" for word in words)
    return " | ".join(f"'{word}'" for word in words)


def card(row: PublishedProcedure) -> DescribedCard:
    """Return a procedure as a line of a list."""
    return DescribedCard(
        code=row.code,
        title=row.title,
        field=row.field,
        levels=tuple(row.levels),
        limit_say=row.limit_say,
        fee_say=row.fee_say,
        agency_say=row.agency_say,
    )
