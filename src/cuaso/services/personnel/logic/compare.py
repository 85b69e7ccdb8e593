"""Compare with the national database: each difference is named, nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from cuaso.capabilities.exchange.api import peers
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import NationalFile
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.personnel.contracts import Compared
from cuaso.services.personnel.logic import wire
from cuaso.services.personnel.logic.house import HOUSE, NATIONAL
from cuaso.services.personnel.logic.tell import ON_ITS_WAY, values_of
from cuaso.services.personnel.models import Comparison, Difference, Message

MOST_PAGES: Final = 5000
AGAIN_AFTER: Final = timedelta(minutes=10)
HELD: Final = timedelta(days=30)
FIRST_HOUR: Final = 1
NOT_FOUND: Final = 404


@dataclass
class Found:
    """What a comparison found; differences by official and field."""

    same: int = 0
    on_their_way: int = 0
    rows: dict[tuple[str, str], Difference] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        return sum(row.kind == kind for row in self.rows.values())


def reconcile() -> Compared:
    """Compare everybody on both sides, outside any transaction.

    Officials whose message is still on its way are left to the next time. Raises Unavailable when
    the other side does not answer; the try is noted with its reason, and open differences stay.
    """
    try:
        found = _compared()
    except Unavailable as trouble:
        Comparison.objects.create(day=clock.today(), at=clock.now(), trouble=trouble.what)
        raise
    return _write_down(found)


def reconcile_due() -> int:
    """Compare once a day, early; a failed try is repeated. Returns 1 when it did."""
    now = clock.now()
    if not peers.address(NATIONAL) or now.astimezone(clock.VIETNAM).hour < FIRST_HOUR:
        return 0
    tries = Comparison.objects.filter(day=clock.today())
    if tries.filter(trouble="").exists() or tries.filter(at__gt=now - AGAIN_AFTER).exists():
        return 0
    try:
        reconcile()
    except Unavailable:
        return 0
    return 1


def compare_one(message: Message) -> int:
    """Name the differences of the official of a message; return how many. Raises Unavailable."""
    id = message.record_id
    file = registries.told(registry=message.registry, id=id) if id is not None else None
    answer = peers.ask(NATIONAL, "GET", wire.official_path(message.code))
    there = None if answer.status == NOT_FOUND else wire.read_there(answer.body)
    found = Found()
    if file is not None and there is not None:
        _by_field(file, there, found)
    with transaction.atomic():
        _keep(found, Difference.objects.filter(code=message.code))
    return len(found.rows)


def seen(row: Comparison) -> Compared:
    return Compared(
        day=row.day,
        at=row.at,
        same=row.same,
        on_their_way=row.on_their_way,
        only_here=row.only_here,
        only_there=row.only_there,
        other_values=row.other_values,
        trouble=row.trouble,
    )


def _compared() -> Found:
    there = {one.code: one for one in _listed()}
    under_way = set(
        Message.objects.filter(state__in=ON_ITS_WAY).values_list("code", flat=True).distinct()
    )
    found = Found()
    for file in registries.all_told():
        listed = there.pop(file.code, None)
        if file.code in under_way:
            found.on_their_way += 1
        elif listed is None:
            _only_here(file, found)
        elif listed.sha256 == wire.sha256_of(values_of(file)):
            found.same += 1
        else:
            answer = peers.ask(NATIONAL, "GET", wire.official_path(file.code))
            _by_field(file, wire.read_there(answer.body), found)
    for listed in there.values():
        if listed.code not in under_way:
            _only_there(listed, found)
    return found


def _listed() -> Iterator[wire.Listed]:
    for page in range(1, MOST_PAGES + 1):
        items, more = wire.read_list(peers.ask(NATIONAL, "GET", wire.list_path(page)).body)
        yield from items
        if not more:
            return


def _only_here(file: NationalFile, found: Found) -> None:
    found.rows[file.code, ""] = Difference(
        registry=file.registry, record_id=file.id, code=file.code, name=file.name, kind="only_here"
    )


def _only_there(listed: wire.Listed, found: Found) -> None:
    found.rows[listed.code, ""] = Difference(
        code=listed.code,
        name=listed.name,
        kind="only_there",
        there_version=listed.version,
        there_sha256=listed.sha256,
    )


def _by_field(file: NationalFile, there: wire.There, found: Found) -> None:
    here = values_of(file)
    differing = [path for path, value in here.items() if value != there.fields.get(path, "")]
    for path in differing:
        found.rows[file.code, path] = Difference(
            registry=file.registry,
            record_id=file.id,
            code=file.code,
            name=file.name,
            kind="other_value",
            path=path,
            title=file.fields[path].title,
            here=here[path],
            here_text=file.fields[path].text,
            there=there.fields.get(path, ""),
            there_version=there.version,
            there_sha256=there.sha256,
        )


def _keep(found: Found, scope: QuerySet[Difference]) -> None:
    """Open what is new, renew what is known, and let go of what the sides agree on again."""
    now = clock.now()
    open_rows = {(row.code, row.path): row for row in scope.filter(state="open")}
    for place, row in found.rows.items():
        known = open_rows.pop(place, None)
        row.id = known.id if known else new_id()
        row.found_at, row.seen_at = (known.found_at if known else now), now
        row.save(force_insert=known is None, force_update=known is not None)
    gone = [row.pk for row in open_rows.values()]
    Difference.objects.filter(pk__in=gone).update(state="agreed", settled_at=now)


def _write_down(found: Found) -> Compared:
    _leave_what_is_being_entered(found)
    with transaction.atomic():
        _keep(found, Difference.objects.all())
        counts = {
            "same": found.same,
            "on_their_way": found.on_their_way,
            "only_here": found.count("only_here"),
            "only_there": found.count("only_there"),
            "other_values": found.count("other_value"),
        }
        row = Comparison.objects.create(day=clock.today(), at=clock.now(), **counts)
        audit.record(
            actor=HOUSE,
            act="personnel.reconciled",
            subject=Subject(kind="personnel.comparison", id=row.id),
            content={"day": row.day.isoformat(), **counts},
        )
    return seen(row)


def _leave_what_is_being_entered(found: Found) -> None:
    """Say nothing again for a month of whom somebody has taken on to enter here."""
    taken_on = Difference.objects.filter(
        state="settled", decision="enter_here", settled_at__gt=clock.now() - HELD
    )
    for code in taken_on.values_list("code", flat=True):
        found.rows.pop((code, ""), None)
