"""Places: what an address is called today."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import PlaceToday

router = Router(tags=["Địa bàn"], auth=None)


@router.get("/places", response=list[PlaceToday], summary="Địa chỉ cũ nay thuộc xã, phường nào")
def places(
    request: HttpRequest,
    *,
    text: Annotated[
        str, Query(min_length=1, max_length=200, examples=["xã Nhơn Hạnh, thị xã An Nhơn"])
    ],
    on: Annotated[date | None, Query(description="Ngày áp dụng; mặc định hôm nay.")] = None,
) -> list[PlaceToday]:
    """Có dấu hay không dấu; xã, phường, thị trấn hoặc huyện, còn hay đã sắp xếp lại.

    `now` là các xã, phường của ngày được hỏi; có nhiều khi nơi cũ đã chia ra hoặc là một huyện.
    """
    del request
    return list(directory.places_today(text, on=on))
