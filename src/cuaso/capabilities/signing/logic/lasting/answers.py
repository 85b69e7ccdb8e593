"""What authorities say of revocation: from the house itself, from what is kept, or asked now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.signing.logic import lasting_refusals
from cuaso.capabilities.signing.logic.lasting.asking import NoAnswer, ask, sources
from cuaso.capabilities.signing.logic.lasting.own_list import own_list
from cuaso.capabilities.signing.logic.lasting.revocation import (
    Answer,
    AnswerKind,
    finding,
    list_holds,
    read,
    why_nothing,
)
from cuaso.capabilities.signing.logic.lasting.side_by_side import Pair, ask_side_by_side
from cuaso.capabilities.signing.models import RevocationAnswer, SigningKey
from cuaso.kernel import clock

WITHOUT_NEXT = timedelta(hours=12)  # how long an answer counts that names no next one
NEVER = datetime.min.replace(tzinfo=UTC)
_Place = tuple[str, str, str]  # kind, address, whom it is about
EARLY = timedelta(hours=6)  # a list is fetched again so long before it is old


def answer_for(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Answer:
    """Return an answer about a certificate that its issuer vouches for.

    `since`: an OCSP answer from before it is asked anew: the signature came after it. `until`: a
    kept answer that is old by then is asked anew. Raises Unavailable, naming the certificate, when
    nothing can be had now.
    """
    house = own_list(issuer)
    if house is not None:
        return read("crl", house)
    missing = []
    for kind, url in sources(certificate):
        kept = _kept(kind, url, certificate, issuer, since=since, until=until)
        if kept is not None:
            return kept
        try:
            fresh = ask(kind, url, certificate=certificate, issuer=issuer)
        except NoAnswer as error:
            missing.append(str(error))
            continue
        if finding(fresh, certificate=certificate, issuer=issuer) is None:
            missing.append(f"{url}: {why_nothing(fresh)}")
            continue
        _keep(kind, url, fresh, certificate, issuer)
        return fresh
    raise lasting_refusals.evidence_missing(_named(certificate), "; ".join(missing))


def answers_for(
    pairs: Collection[Pair], *, anew: Collection[Pair] = (), until: datetime | None = None
) -> dict[Pair, Answer | str]:
    """Return an answer about each certificate, or why there is none, after one round of questions.

    Those in `anew` are asked about whatever is kept, which counts when nobody answers. `until` is
    as in `answer_for`.
    """
    found: dict[Pair, Answer | str] = dict(_own(pairs))
    rows = _kept_rows(pairs)
    for pair in pairs:
        if pair not in found and pair not in anew:
            kept = _any_kept(rows, pair, until=until)
            if kept is not None:
                found[pair] = kept
    asked = _longest_unasked(rows, [pair for pair in pairs if pair not in found])
    for pair, told in zip(asked, ask_side_by_side(asked), strict=True):
        if isinstance(told, str):
            found[pair] = _any_kept(rows, pair, until=None) or told
        else:
            _keep(told.kind, told.url, told.answer, *pair)
            found[pair] = told.answer
    return found


def _own(pairs: Collection[Pair]) -> Iterator[tuple[Pair, Answer]]:
    """Return the pairs whose issuer is the house itself, with its list."""
    lists = {issuer: own_list(issuer) for issuer in {issuer for _, issuer in pairs}}
    for pair in pairs:
        listed = lists[pair[1]]
        if listed is not None:
            yield pair, read("crl", listed)


def _kept_rows(pairs: Collection[Pair]) -> dict[_Place, RevocationAnswer]:
    places = {place for pair in pairs for place in _places(pair)}
    rows = RevocationAnswer.objects.filter(subject__in={subject for _, _, subject in places})
    return {(row.kind, row.url, row.subject): row for row in rows}


def _places(pair: Pair) -> list[_Place]:
    return [(kind, url, _subject(kind, *pair)) for kind, url in sources(pair[0])]


def _any_kept(
    rows: Mapping[_Place, RevocationAnswer], pair: Pair, *, until: datetime | None
) -> Answer | None:
    """Return the first kept answer about a certificate that is not old, by `until` or now."""
    for place in _places(pair):
        row = rows.get(place)
        if row is not None and row.next_update_at > (until or clock.now()):
            answer = _answer_in(row, *pair)
            if answer is not None:
                return answer
    return None


def _longest_unasked(rows: Mapping[_Place, RevocationAnswer], pairs: Sequence[Pair]) -> list[Pair]:
    """A round may end before its last question: the next one begins with who was left out."""

    def last(pair: Pair) -> datetime:
        kept = [rows[place].fetched_at for place in _places(pair) if place in rows]
        return max(kept, default=NEVER)

    return sorted(pairs, key=last)


def refresh_revocations() -> int:
    """Fetch lists that are nearly old, and those of keys that are registered; return how many.

    What cannot be had now is tried at the next run: a check then says that it knows nothing newer.
    """
    fetched = 0
    for url, issuer in _wanted().items():
        try:
            fresh = ask("crl", url, certificate=issuer, issuer=issuer)
        except NoAnswer:
            continue
        if not list_holds(fresh, issuer=issuer):
            continue
        _keep("crl", url, fresh, issuer, issuer)
        fetched += 1
    return fetched


def lists_in_force() -> Sequence[bytes]:
    """Return the kept lists whose time is not over, in DER."""
    rows = RevocationAnswer.objects.filter(kind="crl", next_update_at__gt=clock.now())
    return [bytes(content) for content in rows.values_list("content", flat=True)]


def known_revoked() -> Mapping[str, str]:
    """Return fingerprint → ISO moment of revocation, from the kept OCSP answers."""
    rows = RevocationAnswer.objects.filter(kind="ocsp", revoked_at__isnull=False)
    pairs = rows.values_list("subject", "revoked_at")
    return {subject: moment.isoformat() for subject, moment in pairs if moment}


def _wanted() -> dict[str, x509.Certificate]:
    """Return url → issuer of the lists that should be here: those kept, those of own keys."""
    soon = clock.now() + EARLY
    fresh = RevocationAnswer.objects.filter(kind="crl", next_update_at__gt=soon)
    have = set(fresh.values_list("url", flat=True))
    kept = RevocationAnswer.objects.filter(kind="crl").values_list("url", "issuer_pem")
    wanted = {url: x509.load_pem_x509_certificate(pem.encode()) for url, pem in kept}
    wanted |= dict(_of_keys())
    return {url: issuer for url, issuer in wanted.items() if url not in have}


def _of_keys() -> Iterator[tuple[str, x509.Certificate]]:
    rows = SigningKey.objects.filter(demonstration=False, revoked_at__isnull=True)
    for pem, chain in rows.exclude(chain_pem="").values_list("certificate_pem", "chain_pem"):
        try:
            certificate = x509.load_pem_x509_certificate(pem.encode())
            issuer = x509.load_pem_x509_certificate(chain.encode())
        except ValueError:
            continue  # a chain that was taken up before it was read: it stops no other key's list
        for kind, url in sources(certificate):
            if kind == "crl" and certificate.issuer == issuer.subject:
                yield url, issuer


def _kept(
    kind: AnswerKind,
    url: str,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    since: datetime | None,
    until: datetime | None,
) -> Answer | None:
    rows = RevocationAnswer.objects.filter(
        kind=kind, url=url, subject=_subject(kind, certificate, issuer)
    )
    row = rows.filter(next_update_at__gt=until or clock.now()).first()
    if row is None or (kind == "ocsp" and since is not None and row.this_update_at < since):
        return None
    return _answer_in(row, certificate, issuer)


def _answer_in(
    row: RevocationAnswer, certificate: x509.Certificate, issuer: x509.Certificate
) -> Answer | None:
    kind: AnswerKind = "crl" if row.kind == "crl" else "ocsp"
    answer = read(kind, bytes(row.content))
    known = finding(answer, certificate=certificate, issuer=issuer) is not None
    return answer if known else None


def _keep(
    kind: AnswerKind,
    url: str,
    answer: Answer,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
) -> None:
    said = finding(answer, certificate=certificate, issuer=issuer) if kind == "ocsp" else None
    RevocationAnswer.objects.update_or_create(
        kind=kind,
        url=url,
        subject=_subject(kind, certificate, issuer),
        defaults={
            "issuer_pem": issuer.public_bytes(Encoding.PEM).decode(),
            "content": answer.der,
            "this_update_at": answer.this_update_at,
            "next_update_at": answer.next_update_at or answer.this_update_at + WITHOUT_NEXT,
            "fetched_at": clock.now(),
            "revoked_at": said.revoked_at if said else None,
        },
    )


def _subject(kind: AnswerKind, certificate: x509.Certificate, issuer: x509.Certificate) -> str:
    return (issuer if kind == "crl" else certificate).fingerprint(hashes.SHA256()).hex()


def _named(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()
