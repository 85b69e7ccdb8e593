"""The store that scim2-server reads and writes: the entries, seen by one system."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, cast
from uuid import UUID

from django.db import transaction
from scim2_models import (
    ForbiddenException,
    InvalidCursorException,
    InvalidFilterException,
    InvalidValueException,
    MutabilityException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.capabilities.provisioning import contracts
from cuaso.channels.rest.scim import filters, translating
from cuaso.channels.rest.scim.schemas import Group, User
from cuaso.kernel.errors import Refusal

_KINDS: Final[dict[str, tuple[contracts.Kind, ...]]] = {
    "User": ("person",),
    "Group": ("agency", "unit"),
}
# Nobody has as many entries; PostgreSQL counts no further than a little more.
_FARTHEST: Final = 2**31
# What a refusal is in SCIM's own words (RFC 7644 §3.12), by its code.
_BY_CODE: Final[dict[str, type[SCIMException]]] = {
    "identity.username_taken": UniquenessException,
    "identity.account_exists": UniquenessException,
    "provisioning.unsearchable": InvalidFilterException,
    "provisioning.title_is_a_post": MutabilityException,
    "provisioning.agency_by_decision": MutabilityException,
    "directory.name_is_registered": MutabilityException,
    "provisioning.changed_meanwhile": PreconditionFailedException,
}
_BY_STATUS: Final[dict[int, type[SCIMException]]] = {
    403: ForbiddenException,
    404: NotFoundException,
}


class EntryStorage(ScimStorage):
    """What one system may see and keep."""

    supports_cursors = True

    def __init__(self, system: contracts.System, *, trace: str = "") -> None:
        self._system = system
        self._trace = trace

    def operation(self) -> AbstractContextManager[None]:
        """One operation is one transaction, and a refusal is said as SCIM says it."""
        return _operation()

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        kinds = _KINDS[resource_type.name or ""]
        entry = provisioning.entry(system=self._system, kinds=kinds, id=_id(resource_id))
        return self._said([entry], people=_wants_members(response_parameters))[0]

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: object = None,
    ) -> SearchPage:
        kinds = tuple(kind for one in resource_types for kind in _KINDS[one.name or ""])
        found = provisioning.find(
            system=self._system, search=_search(kinds, search_request, position)
        )
        page = SearchPage(
            found.total, self._said(found.entries, people=_wants_members(search_request))
        )
        if search_request.cursor is not None:
            page.next = ["next", *found.last] if found.more_after and found.last else None
            page.previous = (
                ["previous", *found.first] if found.more_before and found.first else None
            )
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if resource_type.name == "User":
            entry = provisioning.open_person(
                system=self._system,
                wanted=translating.person_wanted(cast("User", resource)),
                trace=self._trace,
            )
        else:
            entry = provisioning.open_unit(
                system=self._system,
                wanted=translating.unit_wanted(cast("Group", resource)),
                trace=self._trace,
            )
        return self._said([entry], people=True)[0]

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        id, expected = _id(resource.id or ""), translating.bare_version(expected_version)
        if resource_type.name == "User":
            entry = provisioning.keep_person(
                system=self._system,
                id=id,
                wanted=translating.person_wanted(cast("User", resource)),
                expected=expected,
                trace=self._trace,
            )
        else:
            entry = provisioning.keep_unit(
                system=self._system,
                id=id,
                wanted=translating.unit_wanted(cast("Group", resource)),
                expected=expected,
                trace=self._trace,
            )
        return self._said([entry], people=True)[0]

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        remove = (
            provisioning.remove_person if resource_type.name == "User" else provisioning.remove_unit
        )
        remove(
            system=self._system,
            id=_id(resource_id),
            expected=translating.bare_version(expected_version),
            trace=self._trace,
        )

    def _said(self, entries: Sequence[contracts.Entry], *, people: bool) -> list[Resource[Any]]:
        groups = provisioning.names_of({id for one in entries for id in one.group_ids})
        asked = tuple(one.id for one in entries if one.kind != "person")
        members = (
            provisioning.members_of(system=self._system, group_ids=asked)
            if people and asked
            else {}
        )
        return [
            translating.user(one, groups)
            if one.kind == "person"
            else translating.group(one, members.get(one.id))
            for one in entries
        ]


@contextmanager
def _operation() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        raise as_scim(refusal) from refusal


def as_scim(refusal: Refusal) -> SCIMException:
    """Return a refusal of the house as SCIM's error; its sentence is the detail."""
    kind = _BY_CODE.get(refusal.code) or _BY_STATUS.get(refusal.status, InvalidValueException)
    return kind(detail=str(refusal))


def _search(
    kinds: tuple[contracts.Kind, ...], asked: SearchRequest[Any], position: object
) -> contracts.Search:
    direction, place = _position(position)
    return contracts.Search(
        kinds=kinds,
        where=filters.condition(asked.filter),
        sort_by=filters.name_of(asked.sort_by) if asked.sort_by else "",
        descending=asked.sort_order == SearchRequest.SortOrder.descending,
        start=min(asked.start_index_0 or 0, _FARTHEST),
        count=asked.count,
        after=place if direction == "next" else None,
        before=place if direction == "previous" else None,
    )


def _position(position: object) -> tuple[str, tuple[str, str] | None]:
    if position is None:
        return "", None
    match position:
        case ["next" | "previous" as direction, str(value), str(id)]:
            return cast("str", direction), (value, id)
    raise InvalidCursorException


def _wants_members(asked: ResponseParameters[Any] | None) -> bool:
    """Say whether an answer shows who belongs to a group: large groups cost to read."""
    if asked is None:
        return True
    excluded = {str(path).lower() for path in asked.excluded_attributes or ()}
    if any(path.endswith("members") for path in excluded):
        return False
    wanted = [str(path).lower() for path in asked.attributes or ()]
    return not wanted or any("members" in path for path in wanted)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundException(detail=f"Không có mục “{text}” trong danh bạ.") from error
