"""How long things last, and the words that the provider knows."""

from datetime import timedelta
from typing import Final

CODE_LIFE: Final = timedelta(seconds=60)
ACCESS_LIFE: Final = timedelta(minutes=10)
ID_TOKEN_LIFE: Final = timedelta(minutes=10)
PUSHED_LIFE: Final = timedelta(seconds=90)
# A request that waits while its person signs in.
PARKED_LIFE: Final = timedelta(minutes=30)
DEVICE_LIFE: Final = timedelta(minutes=10)
DEVICE_INTERVAL_SECONDS: Final = 5
ASSERTION_LIFE: Final = timedelta(minutes=5)
LEEWAY: Final = timedelta(seconds=30)

ALGORITHMS: Final = ("RS256", "ES256")
# What clients may sign their assertions and proofs with: no shared secret, no “none”.
CLIENT_ALGORITHMS: Final = ("ES256", "RS256", "PS256")
FAPI_ALGORITHMS: Final = ("ES256", "PS256")

# One factor or VNeID level 1; two factors, a passkey, or VNeID level 2.
ONE_FACTOR: Final = "urn:cuaso:acr:1"
TWO_FACTORS: Final = "urn:cuaso:acr:2"
ACR: Final = (ONE_FACTOR, TWO_FACTORS)

AUTH_METHODS: Final = (
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
    "none",
)
FORM_POST: Final = "form_post"
RESPONSE_MODES: Final = ("query", FORM_POST)
CODE: Final = "authorization_code"
REFRESH: Final = "refresh_token"
MACHINE: Final = "client_credentials"
DEVICE: Final = "urn:ietf:params:oauth:grant-type:device_code"
GRANT_TYPES: Final = (CODE, REFRESH, MACHINE, DEVICE)
REQUEST_PREFIX: Final = "urn:ietf:params:oauth:request_uri:"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# Scope -> the claims that it opens, and what the person reads before agreeing to it.
SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "openid": (),
    "profile": ("name", "preferred_username", "account_kind", "locale", "zoneinfo"),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "personal_number": ("personal_number", "birthdate"),
    "capacities": ("capacity", "posts"),
    "offline_access": (),
}
SCOPE_SENTENCES: Final[dict[str, str]] = {
    "openid": "nhận ra cùng một tài khoản ở những lần đăng nhập sau",
    "profile": "xem họ tên và tên đăng nhập",
    "email": "xem địa chỉ thư điện tử",
    "phone": "xem số điện thoại",
    "personal_number": "xem số định danh cá nhân và ngày sinh",
    "capacities": "xem tư cách đang dùng, các chức vụ và cơ quan",
    "offline_access": "giữ phiên làm việc cho đến khi đăng xuất",
}
