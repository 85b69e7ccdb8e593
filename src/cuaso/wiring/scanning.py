"""What production and doctor ask about the virus scanner."""

from cuaso.foundation.files import api as files


def no_scanner() -> list[str]:
    """Refuse to take papers from the public that nobody can scan."""
    status = files.scanner_status()
    return [] if status.ok else [status.say]
