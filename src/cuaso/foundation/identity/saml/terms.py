"""How long things last in SAML, and the words that stand in its messages."""

from datetime import timedelta
from typing import Final

from cuaso.foundation.identity.provider.terms import ONE_FACTOR, TWO_FACTORS

ASSERTION_LIFE: Final = timedelta(minutes=5)
LEEWAY: Final = timedelta(minutes=3)
# How old a request may be when it arrives, and for how long its identifier is remembered.
REQUEST_AGE: Final = timedelta(minutes=5)
PARKED_LIFE: Final = timedelta(minutes=30)
WALK_LIFE: Final = timedelta(minutes=10)
KEY_EVERY: Final = timedelta(days=365)
# Partners read metadata by hand or once a day: the next certificate stands there early.
KEY_LEAD: Final = timedelta(days=30)
KEY_LIFE: Final = timedelta(days=3 * 365)

MOST_BYTES: Final = 128 * 1024
LONGEST_RELAY: Final = 2_000

SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SOAP: Final = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
UNSPECIFIED: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
BASIC_NAME: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
URI_NAME: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"

PASSWORD: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"  # noqa: S105 a class, no password
# https://refeds.org/profile/mfa is the word that SAML federations use for two factors.
BOTH_FACTORS: Final = "https://refeds.org/profile/mfa"
CONTEXTS: Final[dict[str, str]] = {
    PASSWORD: ONE_FACTOR,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password": ONE_FACTOR,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified": ONE_FACTOR,
    ONE_FACTOR: ONE_FACTOR,
    BOTH_FACTORS: TWO_FACTORS,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken": TWO_FACTORS,
    TWO_FACTORS: TWO_FACTORS,
}

# Claim -> its name in SAML, the friendly name, and what the administrator reads. Names of
# X.500 and eduPerson where there is one (RFC 4519, RFC 4524), else our own plain words.
ATTRIBUTES: Final[dict[str, tuple[str, str, str]]] = {
    "name": ("urn:oid:2.5.4.3", "cn", "họ tên"),
    "preferred_username": (
        "urn:oid:0.9.2342.19200300.100.1.1",
        "uid",
        "tên đăng nhập của cán bộ",
    ),
    "email": ("urn:oid:0.9.2342.19200300.100.1.3", "mail", "thư điện tử"),
    "phone_number": ("urn:oid:2.5.4.20", "telephoneNumber", "số điện thoại"),
    "personal_number": ("personal_number", "personal_number", "số định danh cá nhân"),
    "birthdate": ("birthdate", "birthdate", "ngày sinh"),
    "account_kind": ("account_kind", "account_kind", "loại tài khoản"),
    "capacity": ("capacity", "capacity", "tư cách đang dùng"),
    "posts": ("posts", "posts", "các chức vụ và cơ quan"),
}
