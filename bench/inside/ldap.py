"""Serve LDAP from the house's database for as long as the measurement asks."""

import secrets
import sys
import threading
import time
from pathlib import Path

import structlog

from bench.inside import answering
from cuaso.capabilities.provisioning.logic.ldap import binds, serve, slapd, tree
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import system

FIRST_PORT, PORTS = 33_000, 2_000


def main() -> None:
    # Standard output carries the one answer.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    folder, password = Path(sys.argv[1]), sys.argv[2]
    username = f"phep.do.{secrets.token_hex(4)}"
    actor = system("Phép đo")
    person = directory.ensure_person(name="Người Đo", actor=actor)
    account_id = identity.open_official_account(
        actor=actor, person_id=person.id, name="Người Đo", username=username, password=password
    )
    answering.ready(warm=lambda: None)
    port = FIRST_PORT + 2 * secrets.randbelow(PORTS // 2)
    server = slapd.Slapd(folder=folder / "ldap", port=port, tls_port=port + 1)
    server.prepare()
    with binds.answering(server.binds):
        keeper = serve.Keeper(server)
        began, worked = time.perf_counter(), time.process_time()
        loaded = keeper.turn()
        took, work = time.perf_counter() - began, time.process_time() - worked
        keeper.turn()
        dn = f"uid={username},ou=people,{tree.suffix()}"
        told = (server.url, str(server.certificate), dn, tree.suffix())
        (folder / "ready").write_text("\n".join(told), encoding="utf-8")
        end = threading.Event()
        # A folder that is gone: whoever asked has ended otherwise.
        while folder.exists() and not (folder / "done").exists():
            end.wait(0.2)
        keeper.stop()
    identity.close_account(actor=actor, account_id=account_id, reason="Phép đo đã xong")
    answering.tell(
        {
            "loaded_entries": loaded,
            "loaded_seconds": round(took, 1),
            "loaded_our_cpu_seconds": round(work, 1),
        }
    )


main()
