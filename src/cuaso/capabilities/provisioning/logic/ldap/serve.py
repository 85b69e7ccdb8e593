"""Keep slapd alive and up to date: tell it changes, and make it anew when it has lost them."""

import subprocess
import threading
import time
from pathlib import Path
from typing import Final

import structlog
from django.db import close_old_connections, transaction

from cuaso.capabilities.provisioning.logic.follow import newest_revision, tell
from cuaso.capabilities.provisioning.logic.ldap import feed, slapd, tree
from cuaso.capabilities.provisioning.logic.ldap.binds import answering
from cuaso.capabilities.provisioning.models import Entry, Follower, Placed
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal

NAME: Final = "LDAP"
REST_SECONDS: Final = 0.5
STAMP_SECONDS: Final = 30.0
ANEW: Final = -1
# From so many changes on, loading all in bulk is quicker than telling each.
FAR_BEHIND: Final = 20_000
log = structlog.get_logger("cuaso.ldap")


def serve_ldap(*, folder: Path, port: int, tls_port: int, host: str, end: threading.Event) -> None:
    """Run slapd and tell it every change until `end` is set; raise Unavailable without slapd."""
    server = slapd.Slapd(folder=folder, port=port, tls_port=tls_port, host=host)
    server.prepare()
    with answering(server.binds):
        keeper = Keeper(server)
        try:
            while not end.is_set():
                if not keeper.turn():
                    end.wait(REST_SECONDS)
        finally:
            keeper.stop()


class Keeper:
    """One running slapd and how far it has everything."""

    def __init__(self, server: slapd.Slapd) -> None:
        self._server = server
        self._running: subprocess.Popen[bytes] | None = None
        self._compared_at = 0.0

    def turn(self) -> int:
        """Do what is due; return how many entries were told. A failure waits for the next turn."""
        close_old_connections()
        try:
            follower = self._follower()
            self._start()
            if self._must_be_made_anew(follower):
                return self._make_anew(follower)
            return tell(follower, feed.LdapTeller(follower))
        except Refusal as refusal:
            log.warning("LDAP is not served", reason=str(refusal))
            return 0

    def stop(self) -> None:
        if self._running is not None:
            slapd.stop(self._running)
        self._running = None

    def _start(self) -> None:
        if self._running is None or self._running.poll() is not None:
            self._running = self._server.start()
            self._compared_at = 0.0

    def _follower(self) -> Follower:
        row, _ = Follower.objects.get_or_create(
            name=NAME, defaults={"way": "ldap", "address": self._server.address, "revision": ANEW}
        )
        if row.address != self._server.address:
            row.address = self._server.address
            row.save(update_fields=["address"])
        return row

    def _must_be_made_anew(self, follower: Follower) -> bool:
        """Compare stamps now and then: slapd may have been emptied, or put back from a copy."""
        if follower.revision == ANEW:
            return True
        if time.monotonic() - self._compared_at < STAMP_SECONDS:
            return False
        self._compared_at = time.monotonic()
        stamp, newest = feed.stamp_of(self._server.address), newest_revision()
        if stamp is None or stamp > newest or newest - stamp > FAR_BEHIND:
            return True
        if stamp < follower.revision:
            log.warning("LDAP has lost changes", has=stamp, told=follower.revision)
            Follower.objects.filter(pk=follower.pk).update(revision=stamp, next_try_at=None)
            follower.refresh_from_db()
        return False

    def _make_anew(self, follower: Follower) -> int:
        """Load the whole tree in bulk while slapd is down."""
        revision = newest_revision()
        self.stop()
        count = self._server.load(slapd.everything(revision))
        _place_all(follower)
        Follower.objects.filter(pk=follower.pk).update(
            revision=revision, failures=0, trouble="", next_try_at=None, told_at=clock.now()
        )
        self._start()
        log.info("LDAP was made anew", entries=count, revision=revision)
        return count


def make_ldap_anew() -> bool:
    """Have the whole tree made anew at the next turn; False when LDAP was never served."""
    return bool(Follower.objects.filter(name=NAME).update(revision=ANEW, next_try_at=None))


def _place_all(follower: Follower) -> None:
    with transaction.atomic():
        Placed.objects.filter(follower=follower).delete()
        rows = Entry.objects.filter(gone_at=None).only("id", "kind", "name", "digest")
        batch: list[Placed] = []
        for row in rows.iterator(2000):
            placed = Placed(
                follower=follower, entry_id=row.id, remote=tree.dn_of(row), digest=row.digest
            )
            batch.append(placed)
            if len(batch) == 2000:  # noqa: PLR2004 as many as are read at once
                Placed.objects.bulk_create(batch)
                batch.clear()
        Placed.objects.bulk_create(batch)
