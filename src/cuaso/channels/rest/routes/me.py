"""Who I am here, in which capacities, and the token that writing requests must show."""

from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from cuaso.channels.rest import bodies
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import Capacity

router = Router(tags=["Tôi"])


class Known(Schema):
    """Một tư cách mà tài khoản có hôm nay."""

    key: str
    kind: str
    title: str
    detail: str


class Me(Schema):
    """Người đang dùng phiên này."""

    kind: str
    name: str
    person_id: UUID | None
    for_id: UUID | None
    post_id: UUID | None
    agency_id: UUID | None
    roles: list[str]
    assurance: int
    capacities: list[Known]
    csrf_token: str


@router.get("/me", response=Me, summary="Tôi là ai")
def me(request: HttpRequest) -> Me:
    """`csrf_token` gửi trong X-CSRFToken với mọi yêu cầu ghi."""
    return _me(request)


@router.put("/me/capacity", response=Known, summary="Đổi tư cách")
def switch(request: HttpRequest, body: bodies.ChosenCapacity) -> Known:
    """Việc đổi tư cách được ghi vào sổ cái; có hiệu lực từ yêu cầu sau."""
    return _known(identity.switch(request, body.key))


def _me(request: HttpRequest) -> Me:
    actor = identity.actor_of(request)
    user = request.user
    stock = identity.capacities(user) if user.is_authenticated else ()
    return Me(
        kind=actor.kind,
        name=actor.name,
        person_id=actor.person_id,
        for_id=actor.for_id,
        post_id=actor.post_id,
        agency_id=actor.agency_id,
        roles=sorted(actor.roles),
        assurance=identity.assurance_of(request),
        capacities=[_known(one) for one in stock],
        csrf_token=get_token(request),
    )


def _known(capacity: Capacity) -> Known:
    return Known(key=capacity.key, kind=capacity.kind, title=capacity.title, detail=capacity.detail)
