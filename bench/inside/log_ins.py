"""Sign one official in again and again, each time from another address: page, form, session."""

import sys
import time
from http import HTTPStatus

import structlog
from django.test import Client

from bench.inside import answering

SECONDS = 8.0


def main() -> None:
    username, password, network = sys.argv[1:4]
    # Standard output belongs to the answer.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    browser = Client(SERVER_NAME="localhost")
    answering.ready()
    took: list[float] = []
    until = time.perf_counter() + SECONDS
    spent = time.process_time()
    while (began := time.perf_counter()) < until:
        # The limit for one address is no part of what is measured.
        address = f"10.{network}.{len(took) // 250 % 250}.{len(took) % 250 + 1}"
        words = {"login": username, "password": password}
        # The session of the last time has ended, the browser's mark stays.
        browser.cookies.pop("sessionid", None)
        browser.get("/dang-nhap/can-bo/", REMOTE_ADDR=address)
        answer = browser.post("/dang-nhap/can-bo/", words, REMOTE_ADDR=address)
        if answer.status_code != HTTPStatus.FOUND:
            message = f"sign-in answered {answer.status_code}"
            raise RuntimeError(message)
        took.append(time.perf_counter() - began)
    answering.tell({"took": took, "cpu_seconds": time.process_time() - spent})


main()
