"""Where elements are used, as the engines that hold data write it down."""

from collections import Counter
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import contracts
from cuaso.foundation.dictionary.contracts import Installed
from cuaso.foundation.dictionary.element_models import Element, Use
from cuaso.foundation.dictionary.logic.install import INSTALLER
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.subjects import Subject

_NAMES = ("kind", "system", "system_title", "path", "title", "element_key", "version", "codes")


def record_uses(
    source: str, uses: Iterable[contracts.UseEntry], *, actor: Actor = INSTALLER
) -> Installed:
    """Make the uses of one source (`registry:fisheries.vessel`) what is given, all at once.

    Writing the same again changes nothing and is not recorded. Raises Invalid
    (`dictionary.unknown_elements`) naming every key that the dictionary lacks, and when one
    place is given twice; nothing has changed then.
    """
    given = list(uses)
    _refuse_wrong(given)
    wanted = {(use.system, use.path): use for use in given}
    with transaction.atomic():
        kept = {
            (row.system, row.path): row
            for row in Use.objects.select_for_update().filter(source=source)
        }
        gone = [row.pk for place, row in kept.items() if place not in wanted]
        again = [
            use for place, use in wanted.items() if place in kept and _entry(kept[place]) != use
        ]
        changed = [kept[use.system, use.path].pk for use in again]
        fresh = [use for place, use in wanted.items() if place not in kept]
        Use.objects.filter(pk__in=[*gone, *changed]).delete()
        Use.objects.bulk_create(_row(source, use) for use in (*again, *fresh))
        if gone or changed or fresh:
            _record(source, actor, added=len(fresh), changed=len(changed), gone=len(gone))
    moved = len(changed) + len(gone)
    return Installed(added=len(fresh), changed=moved, same=len(wanted) - len(fresh) - len(changed))


def _record(source: str, actor: Actor, *, added: int, changed: int, gone: int) -> None:
    audit.record(
        actor=actor,
        act="dictionary.uses_recorded",
        subject=Subject(kind="dictionary.source", id=uuid5(NAMESPACE_URL, source)),
        content={"source": source, "added": added, "changed": changed, "gone": gone},
    )


def _refuse_wrong(given: list[contracts.UseEntry]) -> None:
    keys = {use.element_key for use in given if use.element_key}
    known = set(Element.objects.filter(key__in=keys).values_list("key", flat=True))
    problems = [
        Problem(field=use.path, say=f"Từ điển không có phần tử “{use.element_key}”.")
        for use in given
        if use.element_key and use.element_key not in known
    ]
    places = Counter((use.system, use.path) for use in given)
    problems += [
        Problem(field=path, say=f"Ô “{path}” của “{system}” được ghi {count} lần.")
        for (system, path), count in places.items()
        if count > 1
    ]
    if problems:
        raise Invalid(
            code="dictionary.unknown_elements",
            what="Không ghi được nơi dùng phần tử dữ liệu.",
            why=" ".join(problem.say for problem in problems[:5]),
            mend="Hãy khai báo phần tử trong từ điển trước, hoặc sửa khóa phần tử ở ô ấy.",
            problems=tuple(problems),
        )


def uses_of(key: str) -> tuple[contracts.Use, ...]:
    """Return every place that holds an element, by system and path."""
    return _views(Use.objects.filter(element_key=key))


def uses_of_list(list_id: str) -> tuple[contracts.Use, ...]:
    """Return every place whose values are codes of a list."""
    return _views(Use.objects.filter(codes=list_id))


def uses(source: str = "") -> tuple[contracts.Use, ...]:
    """Return every use that one source (all) has written down."""
    return _views(Use.objects.filter(source=source) if source else Use.objects.all())


def unmapped(source: str = "") -> tuple[contracts.Use, ...]:
    """Return the places of a source (all) of which nobody has said which element they hold."""
    rows = Use.objects.filter(element_key="")
    return _views(rows.filter(source=source) if source else rows)


def _views(rows: Iterable[Use]) -> tuple[contracts.Use, ...]:
    ordered = sorted(rows, key=lambda row: (row.system, row.pk))
    return tuple(
        contracts.Use(source=row.source, **{name: getattr(row, name) for name in _NAMES})
        for row in ordered
    )


def _entry(row: Use) -> contracts.UseEntry:
    return contracts.UseEntry(**{name: getattr(row, name) for name in _NAMES})


def _row(source: str, use: contracts.UseEntry) -> Use:
    return Use(source=source, **{name: getattr(use, name) for name in _NAMES})
