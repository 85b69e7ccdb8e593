"""What hangs on a registry and would break, or change for its readers, with a new version."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from cuaso.capabilities.registries.logic.designing.shapes import Break
from cuaso.capabilities.registries.logic.storing import sets, terms
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import kind_of
from cuaso.capabilities.registries.logic.storing.ordering import columns_at
from cuaso.capabilities.registries.models import SavedView
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.registries import Registry

_VIEWS: Final[Mapping[str, str]] = {
    "lists": "danh sách",
    "maps": "bản đồ",
    "calendars": "lịch",
    "figures": "con số",
    "prints": "sổ in",
}


def kind(one: Field) -> str:
    """Return how a field is stored, "" for one of several parts."""
    return "" if type_of(one).parts(one) else kind_of(one)


def found(present: Built, wanted: Built) -> Iterator[Break]:
    """Yield what would break between the version in force and a wanted one."""
    yield from _doubled(present, wanted)
    yield from _removed_fields(present, wanted)
    yield from _removed_views(present.declared, wanted.declared)
    yield from _saved_views(present, wanted)
    yield from _references(present, wanted)
    yield from _rights(present.declared, wanted.declared)
    yield from _recomputed(present.declared, wanted.declared)


def _doubled(present: Built, wanted: Built) -> Iterator[Break]:
    """Yield keys and unique fields that records in force do not have to themselves."""
    before = {tuple(present.declared.key), *present.declared.alone}
    for paths in dict.fromkeys([tuple(wanted.declared.key), *wanted.declared.alone]):
        if paths in before:
            continue
        titles = ", ".join(f"“{wanted.declared.titled(path)}”" for path in paths)
        count = _doubles(present, paths)
        if count < 0:
            say = f"Chưa đếm xong giá trị trùng của {titles}; có trùng thì bản này không ban hành."
            yield Break(kind="unique", name=", ".join(paths), say=say)
        elif count:
            say = f"Có {count} giá trị của {titles} đang trùng nhau, nên không làm khóa được."
            yield Break(kind="unique", name=", ".join(paths), say=say, blocks=True)


def _doubles(present: Built, paths: tuple[str, ...]) -> int:
    """Return how many values stand in several records, up to 1,000; -1 for what takes too long."""
    names = [sql.Identifier(column.name) for path in paths for column in columns_at(present, path)]
    if not names:
        return 0
    text = sql.SQL(
        "select count(*) from (select 1 from {table} where row_gone is null"
        " and num_nonnulls({names}) = {most} group by {names} having count(*) > 1 limit 1000) d"
    ).format(
        table=sql.Identifier(present.table),
        names=sql.SQL(", ").join(names),
        most=sql.Literal(len(names)),
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = '10s'")
            cursor.execute(text.as_string(None))
            count = int(cursor.fetchone()[0])
            cursor.execute("set local statement_timeout = default")
    except DatabaseError:
        return -1
    return count


def _removed_fields(present: Built, wanted: Built) -> Iterator[Break]:
    term = terms.bin_term(wanted.declared)
    after = {*wanted.declared.fields, *wanted.declared.groups}
    for name in (*present.declared.fields, *present.declared.groups):
        if name in after:
            continue
        title = present.declared.titled(name)
        say = (
            f"Ô “{title}” vào thùng rác; giá trị còn giữ {term}, thêm lại ô cùng tên thì lấy"
            f" lại được. Giao diện lập trình phiên bản {present.version} vẫn trả ô này đến lúc đó."
        )
        yield Break(kind="field", name=name, say=say)
        element = getattr(present.declared.fields.get(name), "element", "")
        if element:
            say = f"Từ điển mất một nơi giữ phần tử “{element}”."
            yield Break(kind="dictionary", name=element, say=say)


def _removed_views(present: Registry, wanted: Registry) -> Iterator[Break]:
    for attribute, noun in _VIEWS.items():
        for name, one in getattr(present, attribute).items():
            if name not in getattr(wanted, attribute):
                say = f"Không còn {noun} “{one.title or name}”; địa chỉ đã lưu sẽ báo không có."
                yield Break(kind=attribute, name=name, say=say)


def _saved_views(present: Built, wanted: Built) -> Iterator[Break]:
    """Yield lists that people keep and that name what is gone."""
    gone = {one.path for one in present.columns} - {one.path for one in wanted.columns}
    gone |= present.declared.lists.keys() - wanted.declared.lists.keys()
    if not gone:
        return
    for view in SavedView.objects.filter(registry_id=present.id).order_by("title")[:1000]:
        if gone & set(_words(view.query)):
            say = f"Danh sách đã lưu “{view.title}” dùng ô hoặc danh sách không còn nữa."
            yield Break(kind="saved_view", name=view.title, say=say)


def _words(query: Any) -> Iterator[str]:  # noqa: ANN401 whatever the page keeps
    if isinstance(query, Mapping):
        for name, inner in query.items():
            yield from _words(name)
            yield from _words(inner)
    elif isinstance(query, list):
        for inner in query:
            yield from _words(inner)
    else:
        text = str(query)
        for mark in ("?", "&", "=", ",", ":"):
            text = text.replace(mark, " ")
        yield from (piece.lstrip("-") for piece in text.split())


def _references(present: Built, wanted: Built) -> Iterator[Break]:
    """Yield the fields of other registries that find this one by a key that changes."""
    if present.declared.key[:1] == wanted.declared.key[:1]:
        return
    short = present.key.partition("/")
    for other in sets.current():
        near = other.key.partition("/")[0] == short[0]
        names = {present.key, short[2]} if near else {present.key}
        for column in other.columns:
            if column.one is not None and column.one.to in names:
                say = (
                    f"Sổ “{other.declared.title}” tham chiếu sổ này bằng ô"
                    f" “{other.declared.titled(column.path)}”; khóa đổi thì khóa đã chép sẽ lệch."
                )
                yield Break(kind="reference", name=f"{other.key}.{column.path}", say=say)


def _rights(present: Registry, wanted: Registry) -> Iterator[Break]:
    if present.rights != wanted.rights:
        say = "Quyền xem và sửa thay đổi; hãy đọc kỹ từng quyền trong phần so sánh."
        yield Break(kind="rights", name="rights", say=say)
    for path, mask in present.masks.items():
        after = wanted.masks.get(path)
        if after is None and wanted.held_at(path) is not None:
            say = f"Ô “{present.titled(path)}” không còn được che; ai xem được sổ đều đọc đủ."
            yield Break(kind="mask", name=path, say=say)
        elif after is not None and after != mask:
            say = f"Cách che ô “{present.titled(path)}” thay đổi."
            yield Break(kind="mask", name=path, say=say)


def _recomputed(present: Registry, wanted: Registry) -> Iterator[Break]:
    for name, one in wanted.fields.items():
        before = present.fields.get(name)
        if before is not None and before.is_ != one.is_:
            say = f"Công thức của ô “{one.title}” đổi; bản ghi cũ giữ số cũ đến lần sửa kế tiếp."
            yield Break(kind="computed", name=name, say=say)
