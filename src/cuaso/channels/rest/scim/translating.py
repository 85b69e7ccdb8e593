"""Say entries as SCIM resources, and read resources as what a system wants."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from scim2_models import (
    ComplexAttribute,
    Email,
    External,
    InvalidValueException,
    Meta,
    PhoneNumber,
    Reference,
)

from cuaso.capabilities.provisioning import contracts
from cuaso.channels.rest.scim.schemas import (
    GROUP,
    USER,
    Enterprise,
    Group,
    HeldPost,
    Member,
    Membership,
    Name,
    Organisation,
    Picture,
    User,
)

Groups = Mapping[UUID, tuple[contracts.Kind, str]]
People = Sequence[contracts.Belonging]


def user(entry: contracts.Entry, groups: Groups) -> User:
    """Return the User of a person's entry."""
    said = entry.said
    made: User = USER(
        id=str(entry.id),
        external_id=entry.external_id or None,
        user_name=entry.name,
        title=_text(entry, "title", entry.title or None),
        display_name=_text(entry, "display_name", entry.display_name),
        active=_flag(entry, "active", house=entry.active),
        meta=_meta(entry, "User"),
    )
    name = said["name"].value if "name" in said else {"formatted": entry.full_name}
    made.name = Name.model_validate(name) if name else None
    made.emails = [Email.model_validate(one) for one in _each(entry, "emails", entry.email)] or None
    made.phone_numbers = [
        PhoneNumber.model_validate(one) for one in _each(entry, "phones", entry.phone)
    ] or None
    made.photos = _photos(entry)
    made.groups = [_membership(id, groups[id][1]) for id in entry.group_ids if id in groups] or None
    first = entry.posts[0] if entry.posts else None
    made[Enterprise] = Enterprise(
        employee_number=_text(entry, "employee_number", None),
        organization=first.agency if first else None,
        department=(first.unit or None) if first else None,
    )
    made.roles = [_post(post) for post in entry.posts] or None
    return made


def group(entry: contracts.Entry, members: People | None) -> Group:
    """Return the Group of an agency or a unit; members None leaves them out."""
    made: Group = GROUP(
        id=str(entry.id),
        external_id=entry.external_id or None,
        display_name=entry.display_name,
        meta=_meta(entry, "Group"),
    )
    made.members = [_member(one) for one in members or ()] or None
    made[Organisation] = Organisation(
        short_name=_text(entry, "short_name", entry.short_name or None), code=entry.code or None
    )
    return made


def person_wanted(resource: User) -> contracts.PersonWanted:
    """Return what a User asks for."""
    enterprise = resource[Enterprise]
    return contracts.PersonWanted(
        user_name=resource.user_name or "",
        external_id=resource.external_id,
        display_name=resource.display_name,
        full_name=resource.name.formatted if resource.name else None,
        name=_plain(resource.name) if resource.name else None,
        title=resource.title,
        employee_number=enterprise.employee_number if enterprise else None,
        active=resource.active,
        emails=tuple(_plain(one) for one in resource.emails or ()),
        phones=tuple(_plain(one) for one in resource.phone_numbers or ()),
    )


def unit_wanted(resource: Group) -> contracts.UnitWanted:
    """Return what a Group asks for."""
    organisation = resource[Organisation]
    return contracts.UnitWanted(
        name=resource.display_name or "",
        external_id=resource.external_id,
        short_name=organisation.short_name if organisation else None,
        members=frozenset(_uuid(one.value) for one in resource.members or () if one.value),
    )


def version(entry: contracts.Entry) -> str:
    return f'W/"{entry.version}"'


def bare_version(tag: str | None) -> str | None:
    """Return the version inside an entity tag."""
    return None if tag is None else tag.removeprefix("W/").strip('"')


def _text(entry: contracts.Entry, name: str, house: str | None) -> str | None:
    told = entry.said.get(name)
    value = house if told is None else told.value
    return value if isinstance(value, str) else None


def _flag(entry: contracts.Entry, name: str, *, house: bool) -> bool | None:
    told = entry.said.get(name)
    value = house if told is None else told.value
    return value if isinstance(value, bool) else None


def _each(entry: contracts.Entry, name: str, house: str) -> list[object]:
    """Return e-mail addresses or telephone numbers, in the system's words where it has any."""
    told = entry.said.get(name)
    if told is not None and isinstance(told.value, list):
        return told.value
    return [{"value": house, "type": "work", "primary": True}] if house else []


def _photos(entry: contracts.Entry) -> list[Picture] | None:
    if entry.photo_id is None:
        return None
    place = f"{settings.PUBLIC_URL}{reverse('scim:photo', args=[entry.id])}"
    return [Picture(value=Reference[External](place), type="photo", primary=True)]


def _plain(value: ComplexAttribute) -> dict[str, object]:
    """Return the attributes of a complex value that are there, as JSON can hold them."""
    given: dict[str, object] = value.model_dump(mode="json", exclude_none=True, by_alias=False)
    return given


def _meta(entry: contracts.Entry, kind: str) -> Meta:
    return Meta(
        resource_type=kind,
        created=entry.created_at,
        last_modified=entry.changed_at,
        version=version(entry),
    )


def _membership(id: UUID, name: str) -> Membership:
    place: Reference[Group] = Reference(f"Groups/{id}")
    return Membership(value=str(id), ref=place, display=name, type="direct")


def _member(one: contracts.Belonging) -> Member:
    kind = "User" if one.kind == "person" else "Group"
    return Member(value=str(one.id), ref=Reference(f"{kind}s/{one.id}"), type=kind)


def _post(post: contracts.PostHeld) -> HeldPost:
    return HeldPost(value=str(post.id), display=post.title, type=post.agency_code or post.agency)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidValueException(detail=f"{text} is no member's id") from error
