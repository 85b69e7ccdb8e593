"""Tell a system with a SCIM server of people and groups (RFC 7644 as a client).

Each entry carries our id as its externalId. It is put where it was put before; what the system
has lost is made again; what it has already under the same name is taken over. Telling the same
twice changes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import httpx

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic import views
from cuaso.capabilities.provisioning.logic.sealed import unseal
from cuaso.kernel.errors import Unavailable

TIMEOUT: Final = httpx.Timeout(10.0, connect=3.0)
_MEDIA: Final = "application/scim+json"
_USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
_ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
_GONE: Final = frozenset({404, 410})
Said = dict[str, Any]


class ScimTeller:
    """One system, told over HTTP."""

    kinds: tuple[contracts.Kind, ...] = ("person", "agency", "unit")

    def __init__(self, follower: models.Follower) -> None:
        self._follower = follower

    def tell(self, shown: Sequence[models.Entry], gone: Sequence[models.Entry]) -> None:
        """Make, change and delete; raise Unavailable when the system does not do as told."""
        token = unseal(self._follower.secret) if self._follower.secret else ""
        headers = {"Accept": _MEDIA, "Content-Type": _MEDIA}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            with httpx.Client(
                base_url=self._follower.address, headers=headers, timeout=TIMEOUT
            ) as client:
                for row in shown:
                    self._put(client, row)
                for row in gone:
                    self._delete(client, row)
        except httpx.HTTPError as error:
            raise _unavailable(f"Không kết nối được ({type(error).__name__}: {error}).") from error

    def _put(self, client: httpx.Client, row: models.Entry) -> None:
        entry = views.entry(row)
        placed = self._placed(row)
        if placed is not None and placed.digest == entry.version:
            return
        said = _user(entry) if row.kind == "person" else self._group(entry)
        remote = self._put_at(client, placed.remote, said) if placed else ""
        if not remote:
            remote = self._find(client, entry)
            remote = self._put_at(client, remote, said) if remote else ""
        if not remote:
            answer = client.post(f"/{_endpoint(row)}", content=_body(said))
            remote = f"{_endpoint(row)}/{_told(answer)['id']}"
        models.Placed.objects.update_or_create(
            follower=self._follower,
            entry_id=row.id,
            defaults={"remote": remote, "digest": entry.version},
        )

    def _put_at(self, client: httpx.Client, remote: str, said: Said) -> str:
        """Replace what stands there; return where it stands, "" when it is there no more."""
        answer = client.put(f"/{remote}", content=_body({**said, "id": _id(remote)}))
        if answer.status_code in _GONE:
            return ""
        _told(answer)
        return remote

    def _find(self, client: httpx.Client, entry: contracts.Entry) -> str:
        """Return where the system has the entry already: by our id, a person by the name too."""
        endpoint = "Users" if entry.kind == "person" else "Groups"
        asked = [f'externalId eq "{entry.id}"']
        if entry.kind == "person":
            asked.append(f"userName eq {json.dumps(entry.name)}")
        for wanted in asked:
            found = _told(client.get(f"/{endpoint}", params={"filter": wanted, "count": "1"}))
            resources = found.get("Resources") or []
            if resources:
                return f"{endpoint}/{resources[0]['id']}"
        return ""

    def _delete(self, client: httpx.Client, row: models.Entry) -> None:
        placed = self._placed(row)
        if placed is None:
            return
        answer = client.delete(f"/{placed.remote}")
        if answer.status_code not in _GONE:
            _told(answer)
        placed.delete()

    def _placed(self, row: models.Entry) -> models.Placed | None:
        return models.Placed.objects.filter(follower=self._follower, entry_id=row.id).first()

    def _group(self, entry: contracts.Entry) -> Said:
        people = models.Entry.objects.filter(
            kind="person", gone_at=None, group_ids__contains=[entry.id]
        )
        members = self._remotes(list(people.order_by("id").values_list("id", flat=True)))
        return {
            "schemas": [_GROUP],
            "externalId": str(entry.id),
            "displayName": entry.display_name,
            "members": [{"value": id, "type": "User"} for id in members],
        }

    def _remotes(self, ids: Sequence[UUID]) -> list[str]:
        placed = models.Placed.objects.filter(follower=self._follower, entry_id__in=ids)
        return [_id(one.remote) for one in placed.order_by("entry_id")]


def _user(entry: contracts.Entry) -> Said:
    first = entry.posts[0] if entry.posts else None
    family, _, given = entry.full_name.partition(" ")
    said: Said = {
        "schemas": [_USER, _ENTERPRISE],
        "externalId": str(entry.id),
        "userName": entry.name,
        "displayName": entry.display_name,
        "name": {"formatted": entry.full_name, "familyName": family, "givenName": given or family},
        "active": entry.active,
        "emails": [{"value": entry.email, "type": "work", "primary": True}] if entry.email else [],
        "phoneNumbers": [{"value": entry.phone, "type": "work"}] if entry.phone else [],
        _ENTERPRISE: {
            "organization": first.agency if first else None,
            "department": first.unit if first else None,
        },
    }
    if entry.title:
        said["title"] = entry.title
    return said


def _id(remote: str) -> str:
    return remote.rsplit("/", maxsplit=1)[-1]


def _endpoint(row: models.Entry) -> str:
    return "Users" if row.kind == "person" else "Groups"


def _body(said: Mapping[str, object]) -> bytes:
    return json.dumps(said).encode()


def _told(answer: httpx.Response) -> dict[str, Any]:
    """Return the body of a success; raise Unavailable for anything else."""
    if not answer.is_success:
        raise _unavailable(f"Hệ thống đó trả lời {answer.status_code}: “{_detail(answer)}”.")
    try:
        body = answer.json() if answer.content else {}
    except ValueError as error:
        raise _unavailable("Câu trả lời không phải JSON.") from error
    return body if isinstance(body, dict) else {}


def _detail(answer: httpx.Response) -> str:
    """Return what an error says of itself (RFC 7644, 3.12), else how it begins."""
    try:
        return str(answer.json()["detail"])[:300]
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]


def _unavailable(why: str) -> Unavailable:
    return Unavailable(
        code="provisioning.follower_unavailable",
        what="Hệ thống nhận danh bạ không nhận thay đổi.",
        why=why,
        mend="Hệ thống sẽ tự gửi lại; nếu kéo dài, hãy kiểm tra địa chỉ và mã truy cập.",
    )
