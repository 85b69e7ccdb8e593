"""What the environment says to signing, and the law that no transaction waits for a device."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.transaction import TransactionManagementError

TSA_SECONDS = 5.0
TOKEN_SECONDS = 10.0
REVOCATION_SECONDS = 5.0
CSC_SECONDS = 10.0


def is_production() -> bool:
    return str(settings.MODE) == "production"


def keys_folder() -> Path:
    """Return the folder of demonstration keys, made on first use for the owner only."""
    folder = Path(settings.CUASO_KEYS) / "signing"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def tsa_url() -> str:
    return os.environ.get("CUASO_TSA_URL", "")


def csc_url() -> str:
    """Return where remote keys are, from CUASO_CSC_URL; "" when there are none."""
    return os.environ.get("CUASO_CSC_URL", "").rstrip("/")


def csc_token() -> str:
    return os.environ.get("CUASO_CSC_TOKEN", "")


def csc_wait_seconds() -> float:
    """Return how long one signature waits for consent on the phone."""
    return float(os.environ.get("CUASO_CSC_WAIT_SECONDS", "30"))


def mss_url() -> str:
    """Return where keys in SIM cards are asked, from CUASO_MSS_URL; "" when nowhere."""
    return os.environ.get("CUASO_MSS_URL", "").rstrip("/")


def mss_application() -> str:
    """Return the house's name at the mobile signature service (AP_ID)."""
    return os.environ.get("CUASO_MSS_AP_ID", "cuaso")


def mss_password() -> str:
    return os.environ.get("CUASO_MSS_AP_PASSWORD", "")


def mss_wait_seconds() -> float:
    """Return how long one signature waits for the PIN on the phone."""
    return float(os.environ.get("CUASO_MSS_WAIT_SECONDS", "60"))


def trust_folders() -> tuple[Path, ...]:
    """Return folders of PEM files with trusted roots, from CUASO_TRUST_FOLDER (a path list)."""
    listed = os.environ.get("CUASO_TRUST_FOLDER", "")
    return tuple(Path(part) for part in listed.split(os.pathsep) if part)


def pkcs11_module() -> str:
    return os.environ.get("CUASO_PKCS11_MODULE", "")


def pkcs11_token() -> str:
    return os.environ.get("CUASO_PKCS11_TOKEN", "cuaso")


def pkcs11_pin_file() -> str:
    return os.environ.get("CUASO_PKCS11_PIN_FILE", "")


def stand_outside_transactions() -> None:
    """Raise if an atomic block is open: a lock must not wait for a token or a time stamp.

    The block that Django's test case wraps around a test does not count.
    """
    # Django's own `durable` check reads the same mark.
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise TransactionManagementError(
            "Signing waits for a token and a time stamp: call it outside transaction.atomic()."
        )
