"""Maps of a registry for programs: as GeoJSON, and square by square as Map Vector Tiles."""

import hashlib
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from ninja import Path, Query, Router

from cuaso.capabilities.geo import api as geo
from cuaso.capabilities.registries import api as registries
from cuaso.channels.rest.registries import answers
from cuaso.channels.rest.registries.asking import (
    AsOf,
    IfNoneMatch,
    Name,
    Pack,
    Purpose,
    Where,
    key_of,
    query_of,
)
from cuaso.foundation.identity import api as identity

router = Router(tags=["Sổ dữ liệu"])
TILE = "application/vnd.mapbox-vector-tile"
Json = dict[str, Any]
View = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,59}$", description="Tên bản đồ của sổ.")]
Line = Annotated[str, Query(max_length=200)]
DRAWN: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Một ô bản đồ, lớp `records`; ô trống thì không có nội dung.",
            "content": {TILE: {"schema": {"type": "string", "format": "binary"}}},
        },
        304: {"description": "Ô bản đồ không đổi."},
    }
}


@router.get("/so/{pack}/{name}/maps/{view}", response=Json, summary="Bản đồ dạng GeoJSON")
def whole(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    view: View,
    *,
    where: Where = [],  # noqa: B006 ninja copies it
    words: Line = "",
    as_of: AsOf = None,
    purpose: Purpose = "",
) -> HttpResponse:
    """Nhiều nhất 2.000 bản ghi; `partial` là có khi còn nữa: hãy lọc bớt hoặc lấy từng ô."""
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.registry(key=key, actor=actor)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    found = registries.map_of(
        registry=key,
        name=view,
        query=query_of(where=where, words=words, as_of=as_of),
        actor=actor,
        purpose=purpose,
    )
    features = [
        {
            "type": "Feature",
            "id": str(one.id),
            "geometry": one.geometry,
            "properties": {"name": one.name, "key": one.key, "label": one.label},
        }
        for one in found.features
    ]
    return answers.sent(
        {"type": "FeatureCollection", "features": features, "partial": found.partial}
    )


@router.get(
    "/so/{pack}/{name}/maps/{view}/{int:zoom}/{int:column}/{int:row}",
    summary="Một ô bản đồ (Map Vector Tile)",
    openapi_extra=DRAWN,
)
def square(
    request: HttpRequest,
    pack: Pack,
    name: Name,
    view: View,
    *,
    zoom: int,
    column: int,
    row: int,
    where: Where = [],  # noqa: B006 ninja copies it
    words: Line = "",
    purpose: Purpose = "",
    if_none_match: IfNoneMatch = "",
) -> HttpResponse:
    """Ô theo lưới bản đồ web (EPSG:3857); nhìn từ xa, các bản ghi gần nhau là một dấu (`near`)."""
    del if_none_match
    actor, key = identity.actor_of(request), key_of(pack, name)
    registries.registry(key=key, actor=actor)
    registries.require_purpose(registry=key, purpose=purpose, actor=actor)
    content = registries.tile_of(
        registry=key,
        name=view,
        square=geo.square(zoom, column, row),
        query=query_of(where=where, words=words, as_of=None),
        actor=actor,
        purpose=purpose,
    )
    answer = HttpResponse(content, content_type=TILE)
    answer["ETag"] = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    answer["Cache-Control"] = "private, max-age=60"
    patch_vary_headers(answer, ["Cookie", "Accept-Language"])
    same = get_conditional_response(request, etag=answer["ETag"], response=answer)
    return same if isinstance(same, HttpResponse) else answer
