"""Register one system of the province's own, as an administrator would; say its secret."""

import sys

from bench.inside import answering
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.kernel.actors import system


def main() -> None:
    client_id, back = sys.argv[1:3]
    answering.ready()
    draft = SystemDraft(
        name="Hệ thống đo tải", client_id=client_id, redirect_uris=(back,), first_party=True
    )
    made = identity.register_system(actor=system("Đo tải"), draft=draft)
    answering.tell({"client_id": made.client_id, "secret": made.secret})


main()
