"""`python -m cuaso_simulators.vneid --port 8810 --folder var/simulators/vneid --people …csv`."""

import argparse
import sys
from pathlib import Path

from cuaso_simulators.vneid import keys, people
from cuaso_simulators.vneid.provider import Provider
from cuaso_simulators.vneid.server import Server

PRODUCT = "http://localhost:8000"
CALLBACK = "/tai-khoan/vneid/tra-loi/"


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="cuaso_simulators.vneid", description=__doc__)
    words.add_argument("--port", type=int, required=True, help="0: any free port")
    words.add_argument("--folder", type=Path, required=True, help="keeps key, salt and secret")
    words.add_argument("--people", type=Path, required=True, help="CSV of invented people")
    words.add_argument("--client-id", default="cuaso")
    words.add_argument("--secret-file", type=Path, help="default: FOLDER/client.secret")
    words.add_argument(
        "--product", action="append", help=f"address of the product; default {PRODUCT}"
    )
    return words.parse_args()


def doors(addresses: list[str]) -> frozenset[str]:
    """Return the product's addresses; this machine is known by its name and its number."""
    plain = {address.rstrip("/") for address in addresses}
    return frozenset(plain | {one.replace("//localhost", "//127.0.0.1") for one in plain})


def main() -> None:
    given = arguments()
    products = doors(given.product or [PRODUCT])
    provider = Provider(
        issuer="",
        folder=given.folder,
        client_id=given.client_id,
        client_secret=keys.client_secret(given.secret_file or given.folder / "client.secret"),
        redirect_uris=frozenset(address + CALLBACK for address in products),
        logout_uris=frozenset(f"{address}/" for address in products),
        people={person.personal_number: person for person in people.read(given.people)},
        key=keys.signing_key(given.folder),
    )
    server = Server(port=given.port, provider=provider)
    provider.issuer = f"http://localhost:{server.server_address[1]}"
    sys.stdout.write(f"VNeID mô phỏng sẵn sàng tại {provider.issuer}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.stdout.write("VNeID mô phỏng dừng.\n")


if __name__ == "__main__":
    main()
