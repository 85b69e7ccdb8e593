"""Takes a registry made here out of use, while it holds nothing."""

from django.db import connection, transaction
from django.db.models import Func

from cuaso.capabilities.registries.logic.designing.drafting import LOCAL
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import publishing, sets
from cuaso.capabilities.registries.models import Epoch, Version
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject


def withdraw(*, registry: str, reason: str, actor: Actor) -> None:
    """Take an empty registry of the pack `local` out of use; its versions stay to be read.

    Raises NotAllowed for who may not design it, Conflict for one that a pack declares and for one
    that holds a record, in the bin or not.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "design")
    if not registry.startswith(f"{LOCAL}/"):
        raise Conflict(
            code="registries.declared_by_a_pack",
            what=f"Không bỏ sổ “{built.declared.title}” ở đây được.",
            why="Sổ này do một gói dữ liệu khai báo.",
            mend="Hãy bỏ khai báo trong gói rồi cài lại gói.",
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [publishing.LOCK])
        if built.live.objects.exists():
            raise Conflict(
                code="registries.not_empty",
                what=f"Chưa bỏ được sổ “{built.declared.title}”.",
                why="Sổ còn bản ghi, kể cả trong thùng rác; dữ liệu được giữ theo thời hạn lưu.",
                mend="Hãy chuyển các bản ghi sang sổ khác và chờ hết hạn thùng rác.",
            )
        standing = Version.objects.select_for_update().filter(
            registry_id=built.id, state=Version.State.PUBLISHED
        )
        standing.update(state=Version.State.RETIRED)
        Epoch.objects.update(number=Func(function="registries_next_epoch"))
        about = Subject(kind="registries.registry", id=built.id)
        content = {"registry": built.key, "version": built.version}
        audit.record(
            actor=actor,
            act="registries.withdrawn",
            subject=about,
            content=content,
            reason=reason.strip(),
        )
        audit.publish(topic="registries.withdrawn", subject=about, payload=content)
    sets.HOLDER.renew()
