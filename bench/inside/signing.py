"""Sign, check and archive papers in one process of the house, with its time-stamp authority."""

import time
from collections.abc import Callable

from bench.inside import answering
from cuaso.capabilities.signing import api as signing
from cuaso.wiring import places

SECONDS = 5.0
PAPER = places.ROOT / "src/cuaso/capabilities/signing/tests/papers/paper.pdf"
BOX = signing.Box(x=330, y=190, width=190, height=64)
LETTER = "<thu xmlns='urn:cuaso:thu'><noi-dung>Kính gửi Sở Nội vụ</noi-dung></thu>".encode()


def rate(act: Callable[[], object]) -> dict[str, object]:
    """Return how many a second, and this process's own processor time for each."""
    began, busy, done = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < SECONDS:
        act()
        done += 1
    spent = time.process_time() - busy
    return {
        "count": done,
        "per_second": round(done / (time.perf_counter() - began), 1),
        "cpu_ms": round(spent * 1000 / done, 1),
    }


def main() -> None:
    held = signing.keys()
    person = next(one for one in held if one.kind == "person" and one.revoked_at is None)
    agency = next(one for one in held if one.kind == "agency" and one.revoked_at is None)
    paper = PAPER.read_bytes()

    def sign() -> bytes:
        return signing.sign_person(
            pdf=paper, key=person.label, name=person.subject_name, title=person.title, box=BOX
        )

    def seal(signed: bytes) -> bytes:
        return signing.seal(pdf=signed, key=agency.label, agency_name=agency.subject_name)

    sealed = seal(sign())
    lasting = signing.archive(pdf=sealed).pdf
    letter = signing.sign_xml(xml=LETTER, key=agency.label)
    works: dict[str, Callable[[], object]] = {
        "pades_b_t": sign,
        "pairs": lambda: seal(sign()),
        "checks_b_t": lambda: signing.verify(sealed),
        "checks_b_lta": lambda: signing.verify(lasting),
        "archives": lambda: signing.archive(pdf=sealed),
        "xades_b_t": lambda: signing.sign_xml(xml=LETTER, key=agency.label),
        "xml_checks": lambda: signing.verify_xml(letter),
    }
    answering.ready(lambda: signing.verify(lasting))
    answering.tell({name: rate(work) for name, work in works.items()})


if __name__ == "__main__":
    main()
