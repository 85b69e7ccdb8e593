"""A time-stamp authority (RFC 3161) for demonstration and tests. Refused in production."""
