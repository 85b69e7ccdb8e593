"""People who sign in over HTTP: page, form with its token, session; each from own addresses."""

import http.client
import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
DOOR = "/dang-nhap/can-bo/"
MARK = "thiet_bi"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
Work = Callable[[http.client.HTTPConnection], None]


class Person:
    """One official at one browser, which keeps the mark by which it is known again, or none.

    The limits of one address are counted, and are no part of what is measured: each sign-in comes
    from another address of this machine.
    """

    def __init__(self, url: str, account: tuple[str, str], *, number: int, known: bool) -> None:
        place = urlsplit(url)
        self._host, self._port = place.netloc, place.port
        self._words = {"login": account[0], "password": account[1]}
        self._number, self._known, self._times = number, known, 0
        self._mark = ""

    def work(self) -> Work:
        return lambda _connection: self.enter()

    def enter(self) -> None:
        """Read the page, send the form; raise RuntimeError when not let in."""
        self._times += 1
        address = f"127.{self._number + 1}.{self._times // 250 % 250}.{self._times % 250 + 1}"
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=60, source_address=(address, 0)
        )
        try:
            self._enter(connection)
        finally:
            connection.close()

    def _enter(self, connection: http.client.HTTPConnection) -> None:
        cookies = {MARK: self._mark} if self._known and self._mark else {}
        page = self._ask(connection, "GET", cookies)
        token = TOKEN.search(page)
        words = {"csrfmiddlewaretoken": token[1] if token else "", **self._words}
        self._ask(connection, "POST", cookies, body=urlencode(words), wanted=HTTPStatus.FOUND)
        self._mark = cookies.get(MARK, "")

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        cookies: dict[str, str],
        *,
        body: str | None = None,
        wanted: HTTPStatus = HTTPStatus.OK,
    ) -> str:
        headers = {
            "Host": self._host,
            "User-Agent": BROWSER,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, DOOR, body=body, headers=headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        if answer.status != wanted:
            raise RuntimeError(f"sign-in answered {answer.status}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, kept = value.split(";", 1)[0].partition("=")
                cookies[cookie] = kept
        return said
