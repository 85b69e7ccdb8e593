"""What programs write into registries. Every act on a record names the revision that was seen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView, Source
from cuaso.channels.rest.registries import answers, bodies
from cuaso.channels.rest.registries.asking import (
    IfMatch,
    Name,
    OnceKey,
    Pack,
    Version,
    key_of,
    revision,
)
from cuaso.channels.rest.routes.registries import router
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound

__all__ = ["router"]
API = Source(kind="api")
AGAIN = "Idempotency-Replayed"
Json = dict[str, Any]
Reason = Annotated[str, Query(description="Vì sao xóa.", max_length=300)]
Step = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="Tên bước.")]


@router.post("/so/{pack}/{name}", response={201: bodies.Record}, summary="Thêm bản ghi")
def add(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    body: bodies.Written,
    *,
    version: Version = 0,
    idempotency_key: OnceKey = None,
) -> HttpResponse:
    """Thêm một bản ghi; gửi lại cùng `Idempotency-Key` không thêm lần thứ hai."""
    actor, key = identity.actor_of(request), key_of(pack, name)

    def make() -> Json:
        view = registries.add(
            registry=key,
            values=body.values,
            actor=actor,
            reason=body.reason,
            source=API,
            version=version,
            spoken=False,
        )
        return answers.record(view)

    made, again = _repeated(
        key, idempotency_key, sent=lambda: _sent(request, body), actor=actor, make=make
    )
    response = answers.sent(made, status=201)
    response["Location"] = f"/api/v1/so/{key}/{made['id']}"
    response["ETag"] = f'"{made["revision"]}"'
    if again:
        response[AGAIN] = "true"
    return response


@router.post("/so/{pack}/{name}/bulk", response=bodies.Added, summary="Thêm nhiều bản ghi")
def add_many(
    request: HttpRequest,
    response: HttpResponse,
    pack: Pack,
    name: Name,
    body: bodies.WrittenMany,
    *,
    version: Version = 0,
    idempotency_key: OnceKey = None,
) -> Json:
    """Mỗi bản ghi một kết quả, bản ghi sai không cản bản ghi đúng trừ khi được yêu cầu; tất cả là
    một lần ghi.
    """
    actor, key = identity.actor_of(request), key_of(pack, name)

    def make() -> Json:
        done = registries.add_many(
            registry=key,
            records=body.records,
            actor=actor,
            reason=body.reason,
            source=API,
            version=version,
            partly=body.partly,
        )
        return answers.added(done)

    return _once(response, key, idempotency_key, sent=_sent(request, body), actor=actor, make=make)


@router.patch("/so/{pack}/{name}/bulk", response=bodies.Changed, summary="Sửa nhiều bản ghi")
def amend_many(
    request: HttpRequest,
    response: HttpResponse,
    pack: Pack,
    name: Name,
    body: bodies.ChangedMany,
    *,
    idempotency_key: OnceKey = None,
) -> Json:
    """Cho nhiều bản ghi cùng giá trị; mỗi bản ghi một kết quả, bản ghi sai không cản bản ghi đúng
    trừ khi được yêu cầu; tất cả là một lần ghi.
    """
    actor, key = identity.actor_of(request), key_of(pack, name)

    def make() -> Json:
        done = registries.amend_many(
            registry=key,
            ids=body.ids,
            given=body.values,
            actor=actor,
            reason=body.reason,
            source=API,
            partly=body.partly,
        )
        return answers.changed(done)

    return _once(response, key, idempotency_key, sent=_sent(request, body), actor=actor, make=make)


@router.post(
    "/so/{pack}/{name}/changes/{uuid:id}/undo",
    response=bodies.Undone,
    summary="Hoàn tác một lần ghi",
)
def undo(request: HttpRequest, pack: Pack, name: Name, id: UUID, body: bodies.Undoing) -> Json:
    """Đưa mọi bản ghi của lần ghi về như trước; 409 khi chính các ô đó đã được sửa tiếp."""
    done = registries.undo(
        registry=key_of(pack, name),
        change_id=id,
        actor=identity.actor_of(request),
        reason=body.reason,
        partly=body.partly,
    )
    return {"change_id": done.change_id, "back": done.back, "kept": done.kept}


@router.put("/so/{pack}/{name}/{uuid:id}", response=bodies.Record, summary="Thay bản ghi")
def replace(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    body: bodies.Written,
    if_match: IfMatch = "",
    version: Version = 0,
) -> HttpResponse:
    """Ghi lại cả bản ghi: ô không gửi thì thành trống; ô bị che và trạng thái giữ nguyên."""
    return _amend(request, (pack, name, id), body, if_match, version=version, whole=True)


@router.patch("/so/{pack}/{name}/{uuid:id}", response=bodies.Record, summary="Sửa bản ghi")
def amend(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    body: bodies.Written,
    if_match: IfMatch = "",
    version: Version = 0,
) -> HttpResponse:
    """Sửa các ô được gửi. Không có gì khác thì không có lần ghi mới."""
    return _amend(request, (pack, name, id), body, if_match, version=version, whole=False)


@router.delete("/so/{pack}/{name}/{uuid:id}", response={204: None}, summary="Xóa bản ghi")
def remove(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    reason: Reason,
    if_match: IfMatch = "",
) -> None:
    """Cho bản ghi vào thùng rác; còn lấy lại được cho đến hết hạn lưu."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    with _compared(key, id, actor):
        registries.remove(
            registry=key,
            id=id,
            reason=reason,
            actor=actor,
            revision=revision(if_match),
            source=API,
        )


@router.post(
    "/so/{pack}/{name}/{uuid:id}/restore", response=bodies.Record, summary="Lấy lại bản ghi đã xóa"
)
def bring_back(
    request: HttpRequest,
    response: HttpResponse,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    body: bodies.Why,
) -> Json:
    view = registries.bring_back(
        registry=key_of(pack, name),
        id=id,
        actor=identity.actor_of(request),
        reason=body.reason,
    )
    return _answered(response, view)


@router.post(
    "/so/{pack}/{name}/{uuid:id}/moves/{step}", response=bodies.Record, summary="Chuyển trạng thái"
)
def move(
    request: HttpRequest,
    response: HttpResponse,
    pack: Pack,
    name: Name,
    id: UUID,
    *,
    step: Step,
    body: bodies.Moving,
    if_match: IfMatch = "",
) -> Json:
    """Bước nào bạn được làm lúc này nằm trong `moves` của bản ghi."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    with _compared(key, id, actor):
        view = registries.move(
            registry=key,
            id=id,
            to=step,
            values=body.values,
            actor=actor,
            reason=body.reason,
            revision=revision(if_match),
            source=API,
        )
    return _answered(response, view)


def _amend(
    request: HttpRequest,
    place: tuple[str, str, UUID],
    body: bodies.Written,
    if_match: str,
    *,
    version: int,
    whole: bool,
) -> HttpResponse:
    pack, name, id = place
    actor, key = identity.actor_of(request), key_of(pack, name)
    with _compared(key, id, actor):
        view = registries.amend(
            registry=key,
            id=id,
            values=body.values,
            actor=actor,
            revision=revision(if_match),
            whole=whole,
            reason=body.reason,
            source=API,
            version=version,
            spoken=False,
        )
    response = answers.sent(answers.record(view))
    answers.tagged(response, view)
    return response


def _answered(response: HttpResponse, view: RecordView) -> Json:
    answers.tagged(response, view)
    return answers.record(view)


@contextmanager
def _compared(key: str, id: UUID, actor: Actor) -> Iterator[None]:
    """Give a writer who comes second both versions: the one that they saw and the present one."""
    try:
        yield
    except Conflict as refusal:
        if refusal.code == "registries.changed_meanwhile":
            refusal.data = _clash(refusal, key, id, actor)
        raise


def _clash(refusal: Conflict, key: str, id: UUID, actor: Actor) -> Json:
    why = refusal.what
    present = registries.record(registry=key, id=id, actor=actor, purpose=why)
    number = refusal.data.get("seen")
    try:
        seen = registries.record(
            registry=key,
            id=id,
            actor=actor,
            purpose=why,
            revision=number if isinstance(number, int) else None,
        )
    except NotFound:
        seen = None
    return answers.clash(refusal.data, seen=seen, present=present)


def _sent(
    request: HttpRequest, body: bodies.Written | bodies.WrittenMany | bodies.ChangedMany
) -> Json:
    return {"to": request.get_full_path(), "by": request.method, "body": body.model_dump()}


def _once(
    response: HttpResponse,
    key: str,
    given: str | None,
    *,
    sent: Json,
    actor: Actor,
    make: Callable[[], Json],
) -> Json:
    """Do an act, or give the answer that it had under the same key."""
    made, again = _repeated(key, given, sent=lambda: sent, actor=actor, make=make)
    if again:
        response[AGAIN] = "true"
    return made


def _repeated(
    key: str,
    given: str | None,
    *,
    sent: Callable[[], Json],
    actor: Actor,
    make: Callable[[], Json],
) -> tuple[Json, bool]:
    """Return the answer of an act, and whether it was given before under the same key."""
    if given is None:
        return make(), False
    return registries.once(registry=key, key=given, sent=sent(), actor=actor, make=make)
