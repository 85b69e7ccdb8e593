import hashlib

from django.db import IntegrityError, transaction

from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.contracts import Finding
from cuaso.capabilities.workflow.logic.check import check
from cuaso.capabilities.workflow.logic.spec import drawing_of
from cuaso.capabilities.workflow.models import FlowVersion, Spec
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.subjects import Subject


def deploy(*, key: str, xml: bytes, actor: Actor) -> contracts.FlowVersion:
    """Make a drawing the newest version of a flow; the newest one's bytes again change nothing.

    Raises Invalid with every error of `check`. Running instances keep their version.
    """
    _refuse_faulty(key, check(xml))
    digest = hashlib.sha256(xml).hexdigest()
    with transaction.atomic():
        newest = FlowVersion.objects.select_for_update().filter(key=key).order_by("-number").first()
        if newest is not None and newest.spec_id == digest:
            return seen(newest, fresh=False)
        spec, _ = Spec.objects.get_or_create(
            sha256=digest, defaults={"xml": xml.decode(), "stored_at": clock.now()}
        )
        version = FlowVersion(
            key=key,
            number=newest.number + 1 if newest else 1,
            title=drawing_of(spec.xml).title[:300],
            spec=spec,
            deployed_at=clock.now(),
            deployed_by=actor.name[:200],
        )
        _insert(version)
        audit.record(
            actor=actor,
            act="workflow.deployed",
            subject=Subject(kind="workflow.flow", id=version.id),
            content={"key": key, "number": version.number, "sha256": digest},
        )
    return seen(version, fresh=True)


def _insert(version: FlowVersion) -> None:
    """The first version of a key has no row to lock, so two may make it at once."""
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            code="workflow.deployed_at_once",
            what=f"Quy trình “{version.key}” vừa được người khác cập nhật.",
            mend="Hãy xem phiên bản mới rồi làm lại nếu vẫn cần.",
        ) from error


def seen(version: FlowVersion, *, fresh: bool) -> contracts.FlowVersion:
    return contracts.FlowVersion(
        id=version.id,
        key=version.key,
        number=version.number,
        title=version.title,
        sha256=version.spec_id,
        deployed_at=version.deployed_at,
        fresh=fresh,
    )


def _refuse_faulty(key: str, findings: tuple[Finding, ...]) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise Invalid(
            code="workflow.faulty",
            what=f"Quy trình “{key}” có {len(errors)} lỗi nên chưa dùng được.",
            why=errors[0].say,
            mend=errors[0].mend,
            problems=tuple(Problem(field=f.element, say=str(f)) for f in errors),
        )
