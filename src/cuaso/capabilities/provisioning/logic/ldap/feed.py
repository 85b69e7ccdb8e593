"""Tell slapd of changes by OpenLDAP's own tools, over its Unix socket."""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic.ldap import tree
from cuaso.kernel.errors import Unavailable

TIMEOUT_SECONDS: Final = 60.0
_GONE: Final = "No such object (32)"
_MANAGED: Final = {
    "person": (
        *("cn", "sn", "givenName", "displayName", "mail", "telephoneNumber", "title"),
        *("o", "ou", "employeeType", "jpegPhoto"),
    ),
    "agency": ("ou", "description", "businessCategory", "seeAlso"),
    "unit": ("ou", "description", "businessCategory", "seeAlso"),
    "post": ("cn", "description", "roleOccupant", "seeAlso"),
}
_GROUP: Final = ("description", "ou", "member")


class LdapTeller:
    """slapd at one Unix socket (`ldapi://…`)."""

    kinds: tuple[contracts.Kind, ...] = ("person", "agency", "unit", "post")

    def __init__(self, follower: models.Follower) -> None:
        self._follower = follower

    def tell(self, shown: Sequence[models.Entry], gone: Sequence[models.Entry]) -> None:
        """Add, change, move and delete; raise Unavailable when slapd does not do as told."""
        ids = [row.id for row in (*shown, *gone)]
        placed = {
            one.entry_id: one
            for one in models.Placed.objects.filter(follower=self._follower, entry_id__in=ids)
        }
        changes = [
            *(line for row in gone if row.id in placed for line in _leaving(row, placed[row.id])),
            *(line for row in shown for line in self._keeping(row, placed.get(row.id))),
            *_stamping(max(row.revision for row in (*shown, *gone))),
        ]
        refused = modify(self._follower.address, changes)
        self._once_more(refused, shown)
        self._remember(shown, gone)

    def _keeping(self, row: models.Entry, placed: models.Placed | None) -> Iterator[str]:
        dn = tree.dn_of(row)
        attributes = tree.attributes(row, places_of([row]))
        if placed is not None and placed.remote != dn:
            rdn = dn.split(",", maxsplit=1)[0]
            moved = [f"newrdn: {rdn}", "deleteoldrdn: 1"]
            yield tree.change(placed.remote, "modrdn", moved)
        if placed is None:
            yield tree.change(dn, "add", tree.adding(attributes))
        else:
            yield tree.change(dn, "modify", tree.replacing(attributes, _MANAGED[row.kind]))
        if row.kind in ("agency", "unit"):
            yield self._group(row, new=placed is None)

    def _group(self, row: models.Entry, *, new: bool) -> str:
        attributes = tree.group(row, members_of(row))
        if new:
            return tree.change(tree.group_dn(row), "add", tree.adding(attributes))
        return tree.change(tree.group_dn(row), "modify", tree.replacing(attributes, _GROUP))

    def _once_more(self, refused: Sequence[str], shown: Sequence[models.Entry]) -> None:
        """Delete and add anew what slapd had otherwise than we thought."""
        names = {dn.lower() for dn in refused}
        again: list[str] = []
        for row in shown:
            attributes = tree.attributes(row, places_of([row]))
            for dn, wanted in (
                (tree.dn_of(row), attributes),
                (tree.group_dn(row), tree.group(row, members_of(row))),
            ):
                if dn.lower() in names:
                    again += [
                        tree.change(dn, "delete"),
                        tree.change(dn, "add", tree.adding(wanted)),
                    ]
        if again and (still := [dn for dn in modify(self._follower.address, again) if dn]):
            raise _unavailable("; ".join(still[:5]))

    def _remember(self, shown: Sequence[models.Entry], gone: Sequence[models.Entry]) -> None:
        mine = models.Placed.objects.filter(follower=self._follower)
        mine.filter(entry_id__in=[row.id for row in gone]).delete()
        models.Placed.objects.bulk_create(
            [
                models.Placed(
                    follower=self._follower,
                    entry_id=row.id,
                    remote=tree.dn_of(row),
                    digest=row.digest,
                )
                for row in shown
            ],
            update_conflicts=True,
            unique_fields=["follower", "entry_id"],
            update_fields=["remote", "digest"],
        )


def stamp_of(address: str) -> int | None:
    """Return the revision that slapd says it has, None when it has no tree."""
    asked = ["-b", tree.stamp_dn(), "-s", "base", "-LLL", "description"]
    answer = _run(["ldapsearch", "-Q", "-Y", "EXTERNAL", "-H", address, *asked])
    if answer.returncode == 0:
        found = re.search(r"^description: (\d+)$", answer.stdout, re.MULTILINE)
        return int(found.group(1)) if found else None
    if _GONE in answer.stderr:
        return None
    raise _unavailable(answer.stderr.strip()[:300])


def modify(address: str, changes: Sequence[str]) -> list[str]:
    """Make changes; return the names of what was refused. A deletion of what is not there is none.

    Raises Unavailable when slapd does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="cuaso-ldap-") as folder:
        skipped = Path(folder) / "skipped.ldif"
        command = ["ldapmodify", "-Q", "-Y", "EXTERNAL", "-H", address, "-c", "-S", str(skipped)]
        answer = _run(command, said="".join(changes))
        if "Can't contact" in answer.stderr or "ldap_sasl_interactive_bind" in answer.stderr:
            raise _unavailable(answer.stderr.strip()[:300])
        text = skipped.read_text(encoding="utf-8") if skipped.exists() else ""
    return [dn for dn, why, kind in _skipped(text) if not (kind == "delete" and _GONE in why)]


def places_of(rows: Sequence[models.Entry]) -> dict[UUID, str]:
    """Return the names of the entries that these refer to."""
    told = [row.facts.get(name, "") for row in rows for name in ("parent", "holder")]
    ids = [UUID(id) for id in told if id]
    if not ids:
        return {}
    return {row.id: tree.dn_of(row) for row in models.Entry.objects.filter(pk__in=ids)}


def members_of(row: models.Entry) -> list[str]:
    """Return the names of a group's people."""
    if row.kind not in ("agency", "unit"):
        return []
    people = models.Entry.objects.filter(
        kind="person", gone_at=None, group_ids__contains=[row.id]
    ).order_by("id")
    return [tree.dn_of(person) for person in people]


def _leaving(row: models.Entry, placed: models.Placed) -> Iterator[str]:
    yield tree.change(placed.remote, "delete")
    if row.kind in ("agency", "unit"):
        yield tree.change(tree.group_dn(row), "delete")


def _stamping(revision: int) -> Iterator[str]:
    lines = tree.replacing(tree.stamp(revision), ["description"])
    yield tree.change(tree.stamp_dn(), "modify", lines)


def _skipped(text: str) -> Iterator[tuple[str, str, str]]:
    """Read what ldapmodify wrote of the changes that it skipped: name, error and kind."""
    for block in text.replace("\n ", "").split("\n\n"):
        why = re.search(r"^# Error: (.*)$", block, re.MULTILINE)
        dn = re.search(r"^dn:(:?) (.*)$", block, re.MULTILINE)
        kind = re.search(r"^changetype: (\w+)$", block, re.MULTILINE)
        if dn:
            yield _name(dn), why.group(1) if why else "", kind.group(1) if kind else ""


def _name(found: re.Match[str]) -> str:
    return tree.decoded(found.group(2)) if found.group(1) else found.group(2)


def _run(command: Sequence[str], *, said: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 a program of OpenLDAP with our own words
            command,
            input=said,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unavailable(str(error)) from error


def _unavailable(why: str) -> Unavailable:
    return Unavailable(
        code="provisioning.ldap_unavailable",
        what="Máy chủ LDAP không nhận thay đổi.",
        why=why,
        mend="Hệ thống sẽ tự gửi lại; nếu kéo dài, hãy gõ ./cuaso directory ldap-rebuild.",
    )
