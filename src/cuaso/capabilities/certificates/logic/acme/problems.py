"""What an ACME client is told when its request is refused (RFC 8555, 6.7; RFC 9457)."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class AcmeProblem(Exception):
    """A refused request; nothing has changed. `word` stands behind urn:ietf:params:acme:error:.

    `place` is told as Location.
    """

    word: str
    detail: str
    status: int = 400
    place: str = ""

    def __str__(self) -> str:
        return f"{self.word}: {self.detail}"


def malformed(detail: str) -> AcmeProblem:
    return AcmeProblem(word="malformed", detail=detail)


def not_found() -> AcmeProblem:
    return AcmeProblem(word="malformed", detail="There is no such resource.", status=404)
