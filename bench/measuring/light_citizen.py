"""A citizen at the REST API whose client spends next to nothing: what it spends on the machine's
cores is taken from the house that is measured.
"""

import select
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlsplit

from cuaso.wiring.running_house import RunningHouse
from tests.support import people
from tests.support.people import Api


class LightCitizen:
    """One citizen, signed in by the real doors, with a connection of their own."""

    def __init__(self, house: RunningHouse, number: str) -> None:
        citizen = Api(people.citizen(house, number))
        token = str(citizen.get("/me").raise_for_status().json()["csrf_token"])
        cookies = "; ".join(f"{name}={value}" for name, value in citizen.person.cookies.items())
        citizen.person.close()
        url = urlsplit(house.url)
        self._line = HTTPConnection(str(url.hostname), url.port, timeout=people.PATIENCE_SECONDS)
        self._told = {
            "Cookie": cookies,
            "X-CSRFToken": token,
            "Origin": house.url,
            "Referer": f"{house.url}/",
        }

    def post(self, path: str, *pieces: bytes, **headers: str) -> None:
        """Post a body piece by piece, none copied; raise RuntimeError when it is refused."""
        line = self._line
        if line.sock is not None and select.select([line.sock], [], [], 0)[0]:
            line.close()  # the house ended it while nothing was asked; the next is begun by itself
        line.putrequest("POST", f"/api/v1{path}", skip_accept_encoding=True)
        length = {"Content-Length": str(sum(map(len, pieces)))}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {**self._told, **length, **named}.items():
            line.putheader(name, value)
        line.endheaders()
        for piece in pieces:
            line.send(piece)
        answer = line.getresponse()
        said = answer.read()
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            message = f"{path}: {answer.status} {said!r}"
            raise RuntimeError(message)

    def close(self) -> None:
        self._line.close()
