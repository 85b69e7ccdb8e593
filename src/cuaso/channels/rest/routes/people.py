"""Who stands for whom, and the leader's reassignment of work."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from cuaso.channels.rest import bodies
from cuaso.channels.rest.routes.desk import Signed
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures

router = Router(tags=["Bàn làm việc"])


class Standing(Schema):
    """Một lần vắng mặt và người thay, đến hết `until_date`."""

    id: UUID
    post_id: UUID
    absent_name: str
    deputy_post_id: UUID
    deputy_name: str
    from_date: date
    until_date: date
    reason: str
    in_force: bool
    roles: list[str]
    roles_say: str


@router.post("/reassignments", response=list[Signed], summary="Phân công lại nhiều hồ sơ")
def reassign(request: HttpRequest, body: bodies.Reassigned) -> list[Signed]:
    """Mỗi hồ sơ một kết quả; một hồ sơ bị từ chối không ảnh hưởng hồ sơ khác."""
    told = procedures.reassign(
        ids=body.ids,
        post_id=body.post_id,
        reason=body.reason,
        actor=identity.actor_of(request),
    )
    return [Signed(id=id, ok=ok, say=say) for id, ok, say in told]


@router.get("/deputies", response=list[Standing], summary="Ai đang thay ai")
def deputies(request: HttpRequest) -> Sequence[object]:
    return procedures.deputies(actor=identity.actor_of(request))


@router.post("/deputies", response={201: Standing}, summary="Cử người thay khi vắng mặt")
def set_deputy(request: HttpRequest, body: bodies.Deputised) -> object:
    return procedures.set_deputy(
        post_id=body.post_id,
        deputy_post_id=body.deputy_post_id,
        since=body.since,
        until=body.until,
        roles=body.roles,
        reason=body.reason,
        actor=identity.actor_of(request),
    )


@router.delete("/deputies/{id}", response=Standing, summary="Kết thúc lần cử người thay")
def end_deputy(request: HttpRequest, id: UUID) -> object:
    return procedures.end_deputy(id=id, actor=identity.actor_of(request))
