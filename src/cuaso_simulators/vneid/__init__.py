"""A stand-in for VNeID that speaks real OpenID Connect over a socket; its people do not exist."""
