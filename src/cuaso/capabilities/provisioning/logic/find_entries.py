"""Find entries: conditions, order and pages all become SQL."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, cast
from uuid import UUID

from django.db.models import F, Q, QuerySet

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic import views
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.kernel.text import fold, sort_key

Rows = QuerySet[models.Entry]
_PLAIN: Final[Mapping[str, str]] = {
    "user_name": "name",
    "external_id": "external_id",
    "email": "email",
    "phone": "phone",
    "title": "title",
    "code": "facts__code",
}
_LOWER: Final = frozenset({"user_name", "email"})
_LOOKUPS: Final[Mapping[str, str]] = {
    "eq": "exact",
    "co": "contains",
    "sw": "startswith",
    "ew": "endswith",
    "gt": "gt",
    "ge": "gte",
    "lt": "lt",
    "le": "lte",
}
_ORDERS: Final[Mapping[str, str]] = {
    "": "id",
    "id": "id",
    "user_name": "name",
    "display_name": "sort_key",
    "external_id": "external_id",
    "title": "title",
    "email": "email",
    "created_at": "created_at",
    "changed_at": "changed_at",
}


def entry(
    *, system: contracts.System, kinds: tuple[contracts.Kind, ...], id: UUID
) -> contracts.Entry:
    """Return one entry that the system may see; raise NotFound."""
    row = visible(system, kinds).filter(pk=id).first()
    if row is None:
        raise unknown()
    return views.entry(row)


def find(*, system: contracts.System, search: contracts.Search) -> contracts.Found:
    """Return a page of what the system may see.

    Raises Invalid for a fact that cannot be searched or sorted by.
    """
    rows = visible(system, search.kinds)
    if search.where is not None:
        rows = rows.filter(_condition(search.where))
    total = rows.count()
    column = _ORDERS.get(search.sort_by)
    if column is None:
        raise _unsearchable(search.sort_by)
    page, more_before, more_after = _page(rows, search, column)
    return contracts.Found(
        total=total,
        entries=tuple(views.entry(row) for row in page),
        first=_place(page[0], column) if page else None,
        last=_place(page[-1], column) if page else None,
        more_before=more_before,
        more_after=more_after,
    )


def members_of(
    *, system: contracts.System, group_ids: tuple[UUID, ...]
) -> Mapping[UUID, tuple[contracts.Belonging, ...]]:
    """Return who belongs to each group by name: people, then the units inside an agency."""
    found: dict[UUID, list[contracts.Belonging]] = {id: [] for id in group_ids}
    people = visible(system, ("person",)).filter(group_ids__overlap=list(group_ids))
    units = visible(system, ("unit",)).filter(agency_ids__overlap=list(group_ids))
    for rows, where in ((people, "group_ids"), (units, "agency_ids")):
        listed = rows.order_by("sort_key", "id").values_list("id", "kind", "display_name", where)
        for id, kind, name, groups in listed:
            for group in found.keys() & set(groups):
                found[group].append(contracts.Belonging(id=id, kind=kind, name=name))
    return {group: tuple(people) for group, people in found.items()}


def names_of(ids: set[UUID]) -> Mapping[UUID, tuple[contracts.Kind, str]]:
    """Return kind and name of groups, for the entries that name them."""
    rows = models.Entry.objects.filter(pk__in=ids)
    return {
        id: (cast("contracts.Kind", kind), name)
        for id, kind, name in rows.values_list("id", "kind", "display_name")
    }


def visible(system: contracts.System, kinds: tuple[contracts.Kind, ...]) -> Rows:
    """Return what a system may see: its agencies' entries, and what it made itself."""
    rows = models.Entry.objects.filter(kind__in=kinds, gone_at=None)
    if system.agency_id is None:
        return rows
    return rows.filter(Q(agency_ids__overlap=list(system.scope)) | Q(made_by=system.id))


def unknown() -> NotFound:
    return NotFound(
        code="provisioning.no_entry",
        what="Không tìm thấy mục này trong danh bạ.",
        mend="Hãy tìm lại theo tên đăng nhập hoặc tên đơn vị.",
    )


def _page(
    rows: Rows, search: contracts.Search, column: str
) -> tuple[list[models.Entry], bool, bool]:
    """Return the page and whether there are entries before and after it."""
    if search.count == 0:
        return [], False, False
    if search.before is not None:
        earlier = rows.filter(_beyond(column, search.before, forward=search.descending))
        found = list(_ordered(earlier, column, descending=not search.descending)[: _more(search)])
        kept = found[: search.count]
        return kept[::-1], len(found) > len(kept), True
    ordered = _ordered(rows, column, descending=search.descending)
    if search.after is not None:
        later = ordered.filter(_beyond(column, search.after, forward=not search.descending))
        found = list(later[: _more(search)])
        kept = found[: search.count]
        return kept, True, len(found) > len(kept)
    stop = None if search.count is None else search.start + search.count + 1
    found = list(ordered[search.start : stop])
    kept = found[: search.count]
    return kept, search.start > 0, len(found) > len(kept)


def _more(search: contracts.Search) -> int | None:
    return None if search.count is None else search.count + 1


def _ordered(rows: Rows, column: str, *, descending: bool) -> Rows:
    keys = [column] if column == "id" else [column, "id"]
    return rows.order_by(*(F(key).desc() if descending else F(key).asc() for key in keys))


def _beyond(column: str, place: tuple[str, str], *, forward: bool) -> Q:
    """Say that an entry lies past a place in the order."""
    value, id = place
    step = "gt" if forward else "lt"
    if column == "id":
        return Q(**{f"id__{step}": id})
    return Q(**{f"{column}__{step}": value}) | Q(**{column: value, f"id__{step}": id})


def _place(row: models.Entry, column: str) -> tuple[str, str]:
    value = getattr(row, column)
    return (value.isoformat() if isinstance(value, datetime) else str(value), str(row.id))


def _condition(of: contracts.Condition) -> Q:
    match of:
        case contracts.Not():
            return ~_condition(of.of)
        case contracts.Every():
            return _joined(of.of, Q.__and__)
        case contracts.Some():
            return _joined(of.of, Q.__or__)
        case contracts.Compare():
            return _compare(of)


def _joined(parts: tuple[contracts.Condition, ...], join: Callable[[Q, Q], Q]) -> Q:
    whole, *rest = (_condition(part) for part in parts)
    for part in rest:
        whole = join(whole, part)
    return whole


def _compare(of: contracts.Compare) -> Q:
    if of.operator == "ne":
        return ~_compare(contracts.Compare(name=of.name, operator="eq", value=of.value))
    if of.name in _PLAIN:
        return _plain(of)
    try:
        return _SPECIAL[of.name](of)
    except KeyError as error:
        raise _unsearchable(of.name) from error


def _plain(of: contracts.Compare) -> Q:
    column = _PLAIN[of.name]
    if of.operator == "pr":
        return ~Q(**{column: ""})
    value = str(of.value or "")
    stated = value.lower() if of.name in _LOWER else value
    return Q(**{f"{column}__{_LOOKUPS[of.operator]}": stated})


def _name(of: contracts.Compare) -> Q:
    """Names are compared without marks; where marks were typed, equal means equal marks too."""
    if of.operator == "pr":
        return ~Q(display_name="")
    value = str(of.value or "")
    if of.operator in ("gt", "ge", "lt", "le"):
        return Q(**{f"sort_key__{_LOOKUPS[of.operator]}": sort_key(value)})
    folded = fold(value)
    if of.operator == "eq":
        equal = Q(display_name__iexact=value) | Q(facts__full_name__iexact=value)
        return Q(folded__contains=folded) & equal
    if of.operator == "co":
        return Q(folded__contains=folded)
    lookup = "istartswith" if of.operator == "sw" else "iendswith"
    blind = Q(folded__startswith=folded) if of.operator == "sw" else Q(folded__endswith=folded)
    return blind | Q(**{f"display_name__{lookup}": value})


def _id(of: contracts.Compare) -> Q:
    if of.operator == "pr":
        return Q()
    id = _uuid(of.value)
    if of.operator == "eq":
        return Q(pk=id) if id else Q(pk__in=())
    raise _unsearchable("id")


def _active(of: contracts.Compare) -> Q:
    if of.operator == "pr":
        return Q()
    if of.operator != "eq":
        raise _unsearchable("active")
    # Several provisioners send the word as a text.
    return Q(active=str(of.value).lower() == "true")


def _group(of: contracts.Compare) -> Q:
    if of.operator == "pr":
        return ~Q(group_ids=[])
    id = _uuid(of.value)
    return Q(group_ids__contains=[id]) if id and of.operator == "eq" else Q(pk__in=())


def _member(of: contracts.Compare) -> Q:
    people = models.Entry.objects.filter(kind="person", gone_at=None)
    if of.operator != "pr":
        people = people.filter(pk__in=[_uuid(of.value)])
    groups = {id for held in people.values_list("group_ids", flat=True) for id in held}
    return Q(pk__in=groups)


def _moment(column: str) -> Callable[[contracts.Compare], Q]:
    def compare(of: contracts.Compare) -> Q:
        if of.operator == "pr":
            return Q()
        moment = _told_moment(of.value)
        if moment is None or of.operator in ("co", "sw", "ew"):
            raise _unsearchable(column)
        return Q(**{f"{column}__{_LOOKUPS[of.operator]}": moment})

    return compare


def _told_moment(value: object) -> datetime | None:
    """Return the moment that a question names, in UTC where it tells no zone (RFC 7643 2.3.5)."""
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_SPECIAL: Final[Mapping[str, Callable[[contracts.Compare], Q]]] = {
    "id": _id,
    "display_name": _name,
    "active": _active,
    "group": _group,
    "member": _member,
    "created_at": _moment("created_at"),
    "changed_at": _moment("changed_at"),
}


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _unsearchable(name: str) -> Invalid:
    return Invalid(
        code="provisioning.unsearchable",
        what=f"Không lọc hoặc sắp xếp được theo mục “{name}”.",
        mend="Hãy lọc theo tên đăng nhập, tên, mã ngoài, thư điện tử, điện thoại, trạng thái "
        "hoặc đơn vị.",
        status=400,
    )
