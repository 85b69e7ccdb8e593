"""Show one published procedure, what could not be read of it, and the catalogue in figures."""

from django.db.models import Max

from cuaso.kernel.errors import NotFound
from cuaso.services.catalogue.contracts import Described, Statistics, UnreadProcedure
from cuaso.services.catalogue.logic.import_file import CONTENT, UNREAD
from cuaso.services.catalogue.logic.reading.lists import LEVELS
from cuaso.services.catalogue.models import Import, PublishedProcedure, PublishedVersion


def described(*, code: str) -> Described:
    """Return a procedure as its latest record describes it; raise NotFound."""
    row = (
        PublishedVersion.objects.select_related("procedure")
        .filter(procedure__code=code, superseded_at=None)
        .first()
    )
    if row is None:
        raise NotFound(
            code="catalogue.procedure_unknown",
            what=f"Danh mục không có thủ tục mang mã {code[:40]}.",
            mend="Hãy tìm thủ tục theo tên.",
        )
    return Described(
        code=row.procedure.code,
        title=row.procedure.title,
        field=row.procedure.field,
        decision=row.decision,
        address=row.address,
        content=CONTENT.validate_json(row.content),
        unread=UNREAD.validate_json(row.unread),
        imported_at=row.imported_at,
        version=row.number,
    )


def unread(*, limit: int = 50, after: str = "") -> tuple[UnreadProcedure, ...]:
    """Return procedures with parts that were not read, by code, from after the one named."""
    rows = (
        PublishedVersion.objects.select_related("procedure")
        .filter(superseded_at=None, unread_count__gt=0, procedure__code__gt=after)
        .order_by("procedure__code")[:limit]
    )
    return tuple(
        UnreadProcedure(
            code=row.procedure.code,
            title=row.procedure.title,
            parts=UNREAD.validate_json(row.unread),
        )
        for row in rows
    )


def statistics() -> Statistics:
    """Return the catalogue in figures."""
    standing = PublishedVersion.objects.filter(superseded_at=None)
    return Statistics(
        procedures=PublishedProcedure.objects.count(),
        versions=PublishedVersion.objects.count(),
        with_unread=standing.filter(unread_count__gt=0).count(),
        imported_at=Import.objects.aggregate(last=Max("imported_at"))["last"],
        by_level={
            level: PublishedProcedure.objects.filter(levels__contains=[level]).count()
            for level in LEVELS
        },
    )
