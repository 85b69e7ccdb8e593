import os

from cuaso.services.national_portal.logic import signature, surroundings

SHORTEST_SECRET = 24


def production_refusals() -> list[str]:
    """Return why production must not start: plain HTTP to the portal, or a weak shared secret."""
    if not surroundings.base() and not os.environ.get("CUASO_NATIONAL_SECRET"):
        return []
    found = []
    if surroundings.base() and not surroundings.base().startswith("https://"):
        found.append(f"CUASO_NATIONAL_URL là {surroundings.base()}: phải là https://.")
    if not signature.keys():
        found.append("CUASO_NATIONAL_SECRET phải được đặt cùng CUASO_NATIONAL_URL.")
    if any(len(secret) < SHORTEST_SECRET for secret in signature.keys().values()):
        found.append(f"CUASO_NATIONAL_SECRET phải dài ít nhất {SHORTEST_SECRET} ký tự.")
    return found
