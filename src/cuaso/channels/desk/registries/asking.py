"""The address of a list: what is asked of it in words of the address, read and written back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal, cast, get_args
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.channels.desk.posting import unfit
from cuaso.kernel import clock

How = Literal["is", "any", "from", "to", "begins", "blank", "filled", "not"]
HOWS: Final = frozenset(get_args(How))
# What the builder of conditions types, by the names of its inputs.
TYPED: Final[dict[str, How]] = {"tu": "from", "den": "to", "dau": "begins", "dung": "is"}
MANY: Final = "|"
SIZE: Final = 50
LONGEST: Final = 200
ADDRESSES_KEPT: Final = 4_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a reader asks of a list, as its address says it."""

    listed: str = "default"
    words: str = ""
    filters: tuple[Filter, ...] = ()
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    after: str = ""
    on: date | None = None
    gone: bool = False

    def query(self) -> ListQuery:
        """Return the query for the engine; a past day is asked for at its end."""
        return ListQuery(
            list=self.listed,
            words=self.words,
            filters=self.filters,
            sort=self.sort,
            columns=self.columns,
            after=self.after,
            size=SIZE,
            as_of=end_of(self.on) if self.on else None,
            gone=self.gone,
        )

    def pairs(self, *, cursor: bool = False) -> list[tuple[str, str]]:
        """Return the words of the address, defaults left out, the cursor only when asked."""
        said: list[tuple[str, str]] = []
        if self.listed != "default":
            said.append(("ds", self.listed))
        if self.words:
            said.append(("q", self.words))
        said += [("loc", written(one)) for one in self.filters]
        said += [("sx", one) for one in self.sort]
        said += [("cot", one) for one in self.columns]
        if self.on:
            said.append(("luc", f"{self.on:%d/%m/%Y}"))
        if self.gone:
            said.append(("thung", "1"))
        if cursor and self.after:
            said.append(("sau", self.after))
        return said

    def address(self) -> str:
        """Return the address from its question mark on; a page after the first has a cursor."""
        return _written(self)

    def with_(self, *more: Filter) -> "Asked":
        """Return the same list under more conditions, from its beginning."""
        return replace(self, filters=(*self.filters, *more), after="")

    def without(self, one: Filter) -> "Asked":
        """Return the same list without one condition, from its beginning."""
        kept = tuple(kept for kept in self.filters if kept != one)
        return replace(self, filters=kept, after="")

    def cleared(self) -> "Asked":
        """Return the same list without conditions and words, from its beginning."""
        return replace(self, filters=(), words="", after="")

    def beside(self) -> "Asked":
        """Return what another way to look at the same records is asked."""
        return replace(self, sort=(), columns=(), after="", gone=False)

    def chosen(self, path: str) -> str:
        """Return the one value that a quick filter is set to, "" for none."""
        found = (one for one in self.filters if one.path == path and one.how == "is")
        return next((one.values[0] for one in found if len(one.values) == 1), "")


@lru_cache(maxsize=ADDRESSES_KEPT)
def _written(one: Asked) -> str:
    return f"?{urlencode(one.pairs(cursor=True))}"


def asked(request: HttpRequest) -> Asked:
    """Read the address of a list; raise Invalid for a day that is none."""
    return read(request.GET)


def read(given: QueryDict) -> Asked:
    """Read the words of an address, also those that a form of the page has just sent."""
    filters = [one for text in given.getlist("loc") if (one := _filter(text)) is not None]
    quick = {
        name.removeprefix("o."): str(given.get(name, "")) for name in given if name.startswith("o.")
    }
    filters = [one for one in filters if one.path not in quick or one.how != "is"]
    filters += [
        Filter(path=path, how="is", values=(value,)) for path, value in quick.items() if value
    ]
    filters += list(_built(given))
    return Asked(
        listed=given.get("ds", "") or "default",
        words=" ".join(given.get("q", "").split())[:LONGEST],
        filters=tuple(dict.fromkeys(filters)),
        sort=tuple(one for one in given.getlist("sx") if one),
        columns=tuple(dict.fromkeys(one for one in given.getlist("cot") if one)),
        after=given.get("sau", ""),
        on=_day(given.get("luc", "")),
        gone=given.get("thung", "") == "1",
    )


def sent_back(text: str, *, page: bool) -> str:
    """Return the words of a list's address that a form sent along, without what no list says;
    with `page` also which page of the list it was.
    """
    given = QueryDict(urlencode(parse_qsl(text.lstrip("?"))))
    return urlencode(read(given).pairs(cursor=page))


def written(one: Filter) -> str:
    """Return a condition as the address has it: gear:is:vay."""
    return f"{one.path}:{one.how}:{MANY.join(one.values)}"


def _filter(text: str) -> Filter | None:
    path, _sep, rest = text.partition(":")
    how, _sep, value = rest.partition(":")
    if how not in HOWS or not path:
        return None
    values = tuple(value.split(MANY)) if value else ()
    return Filter(path=path, how=cast("How", how), values=values)


def _built(given: QueryDict) -> Iterator[Filter]:
    """Yield the conditions that the builder of filters has just sent."""
    path = given.get("o", "")
    if not path:
        return
    kind = given.get("kieu", "")
    if kind in ("blank", "filled"):
        yield Filter(path=path, how=cast("How", kind))
        return
    for name, asked_how in TYPED.items():
        value = given.get(name, "").strip()
        if value:
            yield Filter(path=path, how=asked_how, values=(value,))
    many = tuple(dict.fromkeys(one for one in given.getlist("v") if one))
    if many:
        how = "not" if kind == "not" else "is" if len(many) == 1 else "any"
        yield Filter(path=path, how=cast("How", how), values=many)


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(typed.strip(), shape).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
        if day > clock.today():
            raise unfit("luc", _("Ngày này chưa tới. Hãy ghi một ngày đã qua."))
        return day if day < clock.today() else None
    raise unfit("luc", _("Hãy ghi ngày theo mẫu ngày/tháng/năm."))


def end_of(day: date) -> datetime:
    """Return the last moment of a day in Vietnam."""
    start = datetime.combine(day, time(), tzinfo=clock.VIETNAM)
    return start + timedelta(days=1) - timedelta(microseconds=1)
