from django.conf import settings


def public_url(path: str) -> str:
    """Return the full address under which people reach a page of the house."""
    return f"{settings.PUBLIC_URL}{path}"
