"""The tree that LDAP shows: who stands where, under which name, with which attributes.

    ou=people      inetOrgPerson        uid=<user name>
    ou=agencies    organizationalUnit   ou=<agency's key>
    ou=units       organizationalUnit   ou=<unit's id>, seeAlso its agency
    ou=posts       organizationalRole   cn=<post's id>, roleOccupant who holds it
    ou=groups      groupOfNames         cn=<key or id>, member the people (memberOf at the person)

Names stand twice where they have marks: as they are written, and without marks, so a search finds
either. RFC 4519 and RFC 2798 name the attributes.
"""

import base64
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic import photos, views
from cuaso.kernel.text import fold

BRANCHES: Final = ("people", "agencies", "units", "posts", "groups")
STAMP: Final = "stamp"
_SAFE_FIRST: Final = frozenset(" :<")
Attributes = Mapping[str, Sequence[str | bytes]]


def suffix() -> str:
    """Return the tree's root, `CUASO_LDAP_SUFFIX`."""
    return os.environ.get("CUASO_LDAP_SUFFIX", "dc=province,dc=vn")


def dn_of(row: models.Entry) -> str:
    """Return where an entry stands."""
    match row.kind:
        case "person":
            return f"uid={escaped(row.name)},ou=people,{suffix()}"
        case "agency":
            return f"ou={escaped(row.name)},ou=agencies,{suffix()}"
        case "unit":
            return f"ou={row.id},ou=units,{suffix()}"
        case _:
            return f"cn={row.id},ou=posts,{suffix()}"


def group_dn(row: models.Entry) -> str:
    """Return where the group of an agency's or unit's people stands."""
    return f"cn={escaped(row.name)},ou=groups,{suffix()}"


def nobody() -> str:
    """Return who is a member where nobody is: a group must have one."""
    return f"cn=nobody,{suffix()}"


def attributes(row: models.Entry, places: Mapping[UUID, str]) -> dict[str, Sequence[str | bytes]]:
    """Return an entry's attributes; `places` are the names of the entries that it refers to."""
    entry = views.entry(row)
    match row.kind:
        case "person":
            found: Attributes = {**_person(entry), "jpegPhoto": _photo(entry)}
        case "agency":
            found = _agency(entry, places)
        case "unit":
            found = _unit(entry, places)
        case _:
            found = _post(entry, places)
    return {name: values for name, values in found.items() if values}


def group(row: models.Entry, members: Sequence[str]) -> Attributes:
    """Return the attributes of a group; `members` are the names of its people."""
    return {
        "objectClass": ["groupOfNames"],
        "cn": _each(row.name),
        "description": _each(row.display_name),
        "ou": _both(row.display_name),
        "member": list(members) or [nobody()],
    }


def roots() -> Iterator[tuple[str, Attributes]]:
    """Return the entries that are there before anybody is."""
    first = suffix().split(",")[0].partition("=")[2]
    yield suffix(), {"objectClass": ["dcObject", "organization"], "dc": [first], "o": [first]}
    for branch in BRANCHES:
        yield (
            f"ou={branch},{suffix()}",
            {"objectClass": ["organizationalUnit"], "ou": [branch]},
        )
    yield nobody(), {"objectClass": ["organizationalRole"], "cn": ["nobody"]}


def stamp_dn() -> str:
    return f"cn={STAMP},{suffix()}"


def stamp(revision: int) -> Attributes:
    """Return the attributes of the entry that says how far the tree has everything."""
    return {
        "objectClass": ["organizationalRole"],
        "cn": [STAMP],
        "description": [str(revision)],
    }


def ldif(dn: str, attributes: Attributes) -> str:
    """Return one entry in LDIF (RFC 2849)."""
    lines = [_line("dn", dn)]
    lines += [_line(name, value) for name, values in attributes.items() for value in values]
    return "\n".join(lines) + "\n\n"


def change(dn: str, kind: str, lines: Sequence[str] = ()) -> str:
    """Return one change in LDIF."""
    return "\n".join([_line("dn", dn), f"changetype: {kind}", *lines]) + "\n\n"


def replacing(attributes: Attributes, managed: Sequence[str]) -> list[str]:
    """Return the lines of a change that leaves exactly these values of what we manage."""
    lines: list[str] = []
    for name in managed:
        lines.append(f"replace: {name}")
        lines += [_line(name, value) for value in attributes.get(name, ())]
        lines.append("-")
    return lines


def adding(attributes: Attributes) -> list[str]:
    return [_line(name, value) for name, values in attributes.items() for value in values]


def escaped(value: str) -> str:
    """Return a value as it stands in a name (RFC 4514)."""
    out = "".join(f"\\{letter}" if letter in '",+;<>\\=' else letter for letter in value)
    out = out.replace("\0", "\\00")
    if out[:1] in ("#", " "):
        out = "\\" + out
    return out[:-1] + "\\ " if out.endswith(" ") and len(out) > 1 else out


def _person(entry: contracts.Entry) -> dict[str, Sequence[str]]:
    name = entry.full_name or entry.name
    family, _, given = name.partition(" ")
    first = entry.posts[0] if entry.posts else None
    return {
        "objectClass": ["inetOrgPerson"],
        "uid": [entry.name],
        "cn": _both(name),
        "sn": _both(family),
        "givenName": _both(given.rsplit(" ", maxsplit=1)[-1]),
        "displayName": _each(entry.display_name),
        "mail": _each(entry.email),
        "telephoneNumber": _each(entry.phone),
        "title": [post.title for post in _distinct(entry.posts)],
        "o": _each(first.agency if first else ""),
        "ou": _each(first.unit if first else ""),
        "employeeType": ["active" if entry.active else "closed"],
    }


def _photo(entry: contracts.Entry) -> Sequence[bytes]:
    content = photos.content(entry.photo_id) if entry.photo_id else None
    return [content] if content else []


def _agency(entry: contracts.Entry, places: Mapping[UUID, str]) -> dict[str, Sequence[str]]:
    return {
        "objectClass": ["organizationalUnit"],
        "ou": [entry.name, *_both(entry.display_name)],
        "description": _each(entry.short_name),
        "businessCategory": _each(entry.code),
        "seeAlso": _placed(entry.parent_id, places),
    }


def _unit(entry: contracts.Entry, places: Mapping[UUID, str]) -> dict[str, Sequence[str]]:
    return {
        "objectClass": ["organizationalUnit"],
        "ou": [str(entry.id), *_both(entry.display_name)],
        "description": [],
        "businessCategory": [],
        "seeAlso": _placed(entry.parent_id, places),
    }


def _post(entry: contracts.Entry, places: Mapping[UUID, str]) -> dict[str, Sequence[str]]:
    return {
        "objectClass": ["organizationalRole"],
        "cn": [str(entry.id), *_both(entry.title)],
        "description": list(entry.roles),
        "roleOccupant": _placed(entry.holder_id, places),
        "seeAlso": _placed(entry.parent_id, places),
    }


def _placed(id: UUID | None, places: Mapping[UUID, str]) -> Sequence[str]:
    return [places[id]] if id is not None and id in places else []


def _distinct(posts: Sequence[contracts.PostHeld]) -> list[contracts.PostHeld]:
    return list({post.title: post for post in posts}.values())


def _both(text: str) -> list[str]:
    """Return a text and the same without marks, once when it has none."""
    plain = fold(text)
    return [text] if not text or plain == text.lower() else [text, plain]


def _each(text: str) -> list[str]:
    return [text] if text else []


def _line(name: str, value: str | bytes) -> str:
    if isinstance(value, bytes):
        return f"{name}:: {base64.b64encode(value).decode()}"
    plain = value.isascii() and value.isprintable() and value == value.strip()
    if plain and value and value[0] not in _SAFE_FIRST:
        return f"{name}: {value}"
    return f"{name}:: {base64.b64encode(value.encode()).decode()}"


def decoded(text: str) -> str:
    """Return what a base64 value of LDIF says."""
    return base64.b64decode(text).decode()
