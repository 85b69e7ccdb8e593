"""A name is proven by a word that stands where its system answers (http-01, RFC 8555, 8.3)."""

import os
import time
from typing import Final

import httpx

from cuaso.capabilities.certificates.logic.acme.signed import Signed
from cuaso.capabilities.certificates.models import AcmeChallenge
from cuaso.kernel.clock import now

SECONDS: Final = 5.0
_OK: Final = 200
_MOST_BYTES: Final = 1_024


def prove(row: AcmeChallenge, asked: Signed) -> None:
    """Look for the word once and keep what was found. Only names that were allowed are gone to."""
    if row.proven_at or row.failed_at:
        return
    trouble = _look(row, f"{row.token}.{asked.thumbprint}")
    row.trouble = trouble[:200]
    if trouble:
        row.failed_at = now()
    else:
        row.proven_at = now()
    row.save(update_fields=["trouble", "proven_at", "failed_at"])


def _look(row: AcmeChallenge, word: str) -> str:
    """Return why the name is not proven, `""` when it is."""
    port = os.environ.get("CUASO_ACME_PORT", "80")
    place = f"http://{row.name}:{port}/.well-known/acme-challenge/{row.token}"
    until = time.monotonic() + SECONDS
    try:
        with httpx.stream("GET", place, timeout=SECONDS, follow_redirects=False) as answer:
            if answer.status_code != _OK:
                return f"The name answers with HTTP {answer.status_code}."
            found = b""
            for piece in answer.iter_raw():
                found += piece
                if len(found) > _MOST_BYTES:
                    return "The name answers with something else."
                if time.monotonic() > until:
                    return "The name answers too slowly."
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as problem:
        return f"The name does not answer ({type(problem).__name__})."
    return "" if found.strip() == word.encode() else "The name answers with another word."
