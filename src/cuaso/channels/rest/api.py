"""The API as one object: its routes, how it says no, and its description."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from cuaso.channels.rest import openapi, problems
from cuaso.channels.rest.asking import CleanParser
from cuaso.channels.rest.docs import Page
from cuaso.channels.rest.routes import (
    acts,
    catalogue,
    desk,
    dossiers,
    drafts,
    fees,
    files,
    govstack_data,
    govstack_databases,
    locker,
    me,
    organisation,
    payments,
    people,
    places,
    proofs,
    receipts,
    registry_acts,
    registry_looks,
    registry_maps,
    registry_papers,
)
from cuaso.channels.rest.session import Session


class Api(NinjaAPI):
    """Keeps nothing of its answers in caches, and describes its refusals."""

    _described: ClassVar[dict[object, OpenAPISchema]] = {}

    def create_response(
        self,
        request: HttpRequest,
        data: object,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        response = super().create_response(
            request, data, status=status, temporal_response=temporal_response
        )
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description, made once a process: nobody changes what they are given."""
        asked = (path_prefix, tuple(sorted((path_params or {}).items())))
        if asked not in self._described:
            described = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            self._described[asked] = openapi.completed(described)
        return self._described[asked]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return `drafts_save`: the module of the route and its name."""
        module = operation.view_func.__module__.rsplit(".", maxsplit=1)[-1]
        return f"{module}_{operation.view_func.__name__}"


def _built() -> Api:
    built = Api(
        title="Cửa Số – API dịch vụ công của tỉnh",
        version="1.0.0",
        description=openapi.DESCRIPTION,
        urls_namespace="rest",
        docs=Page(),
        auth=Session(),
        parser=CleanParser(),
    )
    for kind, handler in problems.HANDLERS:
        built.add_exception_handler(kind, handler)
    # First what is asked most: a path is looked for in this order.
    for routes in (
        registry_acts,
        registry_looks,
        registry_maps,
        registry_papers,
        me,
        catalogue,
        drafts,
        dossiers,
        desk,
        acts,
        people,
        fees,
        locker,
        files,
        proofs,
        receipts,
        payments,
        places,
        organisation,
        govstack_data,
        govstack_databases,
    ):
        built.add_router("", routes.router)
    return built


api = _built()
