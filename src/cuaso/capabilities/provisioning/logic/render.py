"""Make entries be what the directory and the accounts say now."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.provisioning.logic import photos
from cuaso.capabilities.provisioning.models import Change, Entry
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency, Person, Post, Unit
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import AccountFacts
from cuaso.kernel import clock
from cuaso.kernel.periods import Period
from cuaso.kernel.text import fold, sort_key

_SHOWN: Final = (
    *("name", "external_id", "title", "display_name", "email", "phone", "active"),
    *("agency_ids", "group_ids", "facts", "said"),
)
_WRITTEN: Final = (
    *("kind", *_SHOWN, "person_id", "folded", "sort_key", "changed_at", "gone_at", "digest"),
)
Draft = dict[str, Any]


def render_people(account_ids: Collection[UUID]) -> None:
    """Bring the entries of these accounts up to date, and of the groups they left or joined."""
    rows = _locked(account_ids)
    known = identity.accounts(account_ids)
    shown = photos.of(account_ids)
    people = directory.people(account.person_id for account in known.values())
    posts = directory.posts_held(people)
    every = [post for held in posts.values() for post in held]
    agencies = directory.agencies_of(post.agency_id for post in every)
    units = directory.units_of(post.unit_id for post in every if post.unit_id)
    drafts = {
        account.id: _person(
            account, people[account.person_id], held, agencies, units, photo=shown.get(account.id)
        )
        for account in known.values()
        if account.person_id in people
        for held in [posts.get(account.person_id, ())]
    }
    _touch_groups(_write(rows, account_ids, drafts, kind="person"))
    photos.forget({id for id in shown if id not in drafts or not _stays(drafts[id])})


def _stays(draft: Draft) -> bool:
    """Say whether a person is still in office: the account is open and a post is held."""
    return bool(draft["active"] and draft["facts"]["posts"])


def render_agencies(ids: Collection[UUID]) -> None:
    """Bring the entries of these agencies up to date."""
    rows = _locked(ids)
    today, keys = clock.today(), directory.agency_keys(ids)
    drafts = {
        one.id: _agency(one, keys[one.id])
        for one in directory.agencies_of(ids).values()
        if one.valid.contains(today)
    }
    _write(rows, ids, drafts, kind="agency")
    _note_people_of(ids)


def render_units(ids: Collection[UUID]) -> None:
    """Bring the entries of these units up to date."""
    rows = _locked(ids)
    units = directory.units_of(ids)
    drafts = {one.id: _unit(one) for one in units.values() if _stands(one)}
    _write(rows, ids, drafts, kind="unit")
    _note_people_of(ids)


def render_posts(ids: Collection[UUID]) -> None:
    """Bring the entries of these posts up to date."""
    rows = _locked(ids)
    today = clock.today()
    posts = [one for one in directory.posts(ids).values() if one.valid.contains(today)]
    holders = identity.accounts_of(one.person_id for one in posts if one.person_id)
    drafts = {
        one.id: _post(one, holders.get(one.person_id) if one.person_id else None) for one in posts
    }
    _write(rows, ids, drafts, kind="post")


def digest_of(entry: Entry) -> str:
    """Return the hash of everything that is shown of an entry."""
    shown = {name: getattr(entry, name) for name in _SHOWN}
    shown["gone"] = entry.gone_at is not None
    said = json.dumps(shown, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def _stands(unit: Unit) -> bool:
    """Say whether a unit is shown: one that was closed today stands in law until the day's end."""
    today = clock.today()
    closed_young = unit.valid.start == today and unit.valid.last == today
    return unit.valid.contains(today) and not closed_young


def _locked(ids: Iterable[UUID]) -> dict[UUID, Entry]:
    """Return the entries, locked.

    Before the facts are read: who waits here for a change that is being written reads what it
    wrote, and never puts an older state over it.
    """
    return {row.id: row for row in Entry.objects.select_for_update().filter(pk__in=list(ids))}


def _write(
    known: Mapping[UUID, Entry],
    ids: Iterable[UUID],
    drafts: Mapping[UUID, Draft],
    *,
    kind: str,
) -> set[UUID]:
    """Write what differs from the known rows; return the groups whose people have changed."""
    added: list[Entry] = []
    changed: list[Entry] = []
    groups = set[UUID]()
    for id in ids:
        row, draft = known.get(id), drafts.get(id)
        if row is None and draft is None:
            continue
        before = set(row.group_ids) if row else set()
        was_gone = row is not None and row.gone_at is not None
        entry = row or Entry(id=id, kind=kind, created_at=clock.now(), said={})
        if not _take(entry, draft):
            continue
        (changed if row else added).append(entry)
        after = set(entry.group_ids)
        hidden = was_gone != (entry.gone_at is not None)
        groups |= before | after if hidden else before ^ after
    Entry.objects.bulk_create(added, batch_size=500)
    Entry.objects.bulk_update(changed, _WRITTEN, batch_size=500)
    return groups


def _take(entry: Entry, draft: Draft | None) -> bool:
    """Give an entry its draft, None for what is gone; say whether that changes what is shown."""
    if draft is None:
        entry.gone_at = entry.gone_at or clock.now()
    else:
        gone = draft.pop("gone", False)
        for name, value in draft.items():
            setattr(entry, name, value)
        entry.gone_at = (entry.gone_at or clock.now()) if gone else None
    digest = digest_of(entry)
    if digest == entry.digest:
        return False
    entry.digest, entry.changed_at = digest, clock.now()
    return True


def _note_people_of(groups: Collection[UUID]) -> None:
    """Have the people of an agency or unit looked at again: their entries tell its name."""
    rows = Entry.objects.filter(kind="person", group_ids__overlap=list(groups))
    ids = rows.values_list("pk", flat=True) if groups else ()
    Change.objects.bulk_create([Change(kind="account", subject_id=id) for id in ids])


def _touch_groups(groups: set[UUID]) -> None:
    """Let a group whose people changed be a changed one, though its own row is the same."""
    rows = list(Entry.objects.select_for_update().filter(pk__in=groups).order_by("pk"))
    for row in rows:
        row.revised, row.changed_at = "", clock.now()
    Entry.objects.bulk_update(rows, ["revised", "changed_at"], batch_size=500)


def _person(
    account: AccountFacts,
    person: Person,
    posts: Collection[Post],
    agencies: Mapping[UUID, Agency],
    units: Mapping[UUID, Unit],
    *,
    photo: UUID | None,
) -> Draft:
    held = [_held(post, agencies, units) for post in posts]
    units_held = {post.unit_id for post in posts if post.unit_id}
    agencies_held = {post.agency_id for post in posts}
    return {
        "kind": "person",
        "name": account.username,
        "person_id": person.id,
        "title": held[0]["title"] if held else "",
        "display_name": account.display_name,
        "email": (account.email or person.email).lower(),
        "phone": person.phone,
        "active": account.active,
        "agency_ids": sorted(agencies_held),
        "group_ids": sorted(agencies_held | units_held),
        "facts": {
            "full_name": person.name,
            "posts": held,
            **({"photo": str(photo)} if photo and account.active and held else {}),
        },
        "folded": fold(f"{account.display_name} {person.name}"),
        "sort_key": sort_key(person.name),
        # A retired account has given its user name away.
        "gone": "~" in account.username and not account.active,
    }


def _held(post: Post, agencies: Mapping[UUID, Agency], units: Mapping[UUID, Unit]) -> Draft:
    agency = agencies[post.agency_id]
    return {
        "id": str(post.id),
        "title": post.title,
        "agency_id": str(agency.id),
        "agency_code": agency.code,
        "agency": agency.name,
        "unit_id": str(post.unit_id) if post.unit_id else "",
        "unit": units[post.unit_id].name if post.unit_id else "",
        "roles": sorted(post.roles),
    }


def _agency(agency: Agency, key: str) -> Draft:
    return {
        "kind": "agency",
        "name": key,
        "title": agency.kind,
        "display_name": agency.name,
        "agency_ids": [agency.id],
        "facts": {
            "code": agency.code,
            "short_name": agency.short_name,
            "parent": str(agency.parent_id or ""),
            "from": _day(agency.valid),
        },
        "folded": fold(f"{agency.name} {agency.short_name} {agency.code}"),
        "sort_key": sort_key(agency.name),
    }


def _unit(unit: Unit) -> Draft:
    return {
        "kind": "unit",
        "name": str(unit.id),
        "display_name": unit.name,
        "agency_ids": [unit.agency_id],
        "facts": {"parent": str(unit.agency_id), "from": _day(unit.valid)},
        "folded": fold(unit.name),
        "sort_key": sort_key(unit.name),
    }


def _post(post: Post, holder: AccountFacts | None) -> Draft:
    return {
        "kind": "post",
        "name": str(post.id),
        "title": post.title,
        "display_name": post.title,
        "agency_ids": [post.agency_id],
        "facts": {
            "parent": str(post.unit_id or post.agency_id),
            "holder": str(holder.id) if holder else "",
            "roles": sorted(post.roles),
        },
        "folded": fold(post.title),
        "sort_key": sort_key(post.title),
    }


def _day(valid: Period) -> str:
    start: date | None = valid.start
    return start.isoformat() if start else ""
