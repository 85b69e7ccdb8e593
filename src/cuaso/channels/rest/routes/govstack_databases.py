"""GovStack Digital Registries, database API 1.3.0: which registries there are, and how made.

What is created or changed here is a draft put forward: who approves it is somebody else, as
everywhere in the house, and then it is published.
"""

import json
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DesignView, NewRegistry, RegistryShape
from cuaso.channels.rest.asking import Line
from cuaso.channels.rest.govstack import schemas
from cuaso.channels.rest.govstack.asking import Client
from cuaso.channels.rest.registries.asking import Given
from cuaso.channels.rest.registries.bodies import example
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound

router = Router(tags=["GovStack"])
LOCAL: Final = "local"
Json = dict[str, Any]
Number = Annotated[int, Path(ge=0, le=2**48 - 1, description="Số của sổ, như trong /databases.")]


class Made(Schema):
    """Cấu trúc của một sổ; `code` là tên ngắn, trùng tên đã có thì là bản sửa đổi của sổ ấy."""

    model_config = example(
        group_name="Hộ tịch",
        catalog_name="Mẹ và trẻ em",
        code="MCR",
        schema={
            "type": "object",
            "properties": {
                "Number": {"type": "string", "description": "Số đăng ký"},
                "RegisteredOn": {"type": "string", "format": "date"},
            },
            "required": ["Number"],
        },
    )
    group_name: Line = ""
    catalog_name: Line = Field("", description="Tên sổ.")
    code: Line = Field(min_length=2)
    schema_: Given = Field(alias="schema")


@router.get("/govstack/databases", response=Json, summary="Các sổ (GovStack)")
def databases(request: HttpRequest, client: Client) -> Json:
    del client
    shapes = _shapes(identity.actor_of(request))
    return {
        "id": 1,
        "name": "Các cơ sở dữ liệu của tỉnh",
        "code": "SO",
        "databases": [schemas.database(one) for one in shapes],
        "group_id": 1,
        "order": 1,
    }


@router.post("/govstack/database/modify", response=Json, summary="Lập, sửa sổ (GovStack)")
def modify(request: HttpRequest, client: Client, body: Made) -> Json:
    """Trình một bản thảo; người khác phê duyệt thì sổ được ban hành. Trả cấu trúc đã trình."""
    actor = identity.actor_of(request)
    plain = schemas.declared(body.schema_)
    name = schemas.named(body.code)
    key = f"{LOCAL}/{name}"
    known = {one.key for one in registries.registries(actor=actor)}
    draft = (
        registries.begin_design(registry=key, actor=actor)
        if key in known
        else registries.begin_registry(new=_new(body, name, plain), actor=actor)
    )
    saved = _saved(draft, plain, body, actor=actor)
    sent = registries.submit_design(
        id=saved.card.id,
        reason=f"Theo yêu cầu của hệ thống {client}.",
        seen=saved.seen,
        actor=actor,
    )
    return {**body.schema_, "x-database": sent.card.key, "x-state": sent.card.state}


@router.get("/govstack/database/{id}", response=Json, summary="Một sổ (GovStack)")
def database(request: HttpRequest, id: Number, client: Client) -> Json:
    del client
    return schemas.database(_one(id, identity.actor_of(request)))


@router.delete("/govstack/database/{id}", response=str, summary="Bỏ sổ (GovStack)")
def delete(request: HttpRequest, id: Number, client: Client) -> str:
    """Chỉ bỏ được sổ lập tại đây và chưa có bản ghi nào."""
    actor = identity.actor_of(request)
    found = _one(id, actor)
    registries.withdraw(
        registry=found.card.key, reason=f"Theo yêu cầu của hệ thống {client}.", actor=actor
    )
    return "Success"


def _new(body: Made, name: str, plain: Json) -> NewRegistry:
    (key,) = plain["key"]
    title = body.catalog_name.strip() or body.code.strip()
    return NewRegistry(
        name=name,
        title=title,
        legal=body.group_name.strip() or f"Theo yêu cầu lập sổ {title}",
        key=key,
        key_title=plain["fields"][key]["title"],
    )


def _saved(draft: DesignView, plain: Json, body: Made, *, actor: Actor) -> DesignView:
    """Save the given fields in the place of those that the draft began with."""
    whole = {**draft.declared.dump(), **plain}
    if title := body.catalog_name.strip():
        whole["title"] = title
    text = json.dumps(_said(whole), ensure_ascii=False)
    return registries.save_design(id=draft.card.id, text=text, seen=draft.seen, actor=actor)


def _said(value: Any) -> Any:  # noqa: ANN401 plain JSON
    """Return plain JSON as declarations write it, where yes and no are words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return {name: _said(one) for name, one in value.items()}
    return [_said(one) for one in value] if isinstance(value, list) else value


def _shapes(actor: Actor) -> tuple[RegistryShape, ...]:
    cards = registries.registries(actor=actor)
    return tuple(registries.shape(registry=one.key, actor=actor) for one in cards)


def _one(id: int, actor: Actor) -> RegistryShape:
    for card in registries.registries(actor=actor):
        if schemas.number_of(card.id) == id:
            return registries.shape(registry=card.key, actor=actor)
    raise NotFound(
        code="govstack.no_database",
        what="Không có sổ mang số này.",
        mend="Hãy xem danh sách tại /govstack/databases.",
    )
