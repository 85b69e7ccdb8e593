"""A mobile operator's signature service with keys in SIM cards. Refused in production."""
