"""What the simulator keeps in its folder: a signing key, a salt of subjects, a client secret."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import ECKey


def kept(path: Path, *, make: str) -> str:
    """Return what the file holds; the first of several racing processes writes it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(make)
    return make


def signing_key(folder: Path) -> ECKey:
    """Return the P-256 key (ES256) of the folder, made at the first start."""
    fresh = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    text = kept(folder / "signing_key.json", make=json.dumps(fresh.as_dict(private=True)))
    return ECKey.import_key(json.loads(text))


def client_secret(path: Path) -> str:
    return os.environ.get("CUASO_VNEID_CLIENT_SECRET") or kept(path, make=secrets.token_urlsafe(32))


def subject(folder: Path, *, client_id: str, personal_number: str) -> str:
    """Return a person's pairwise subject for a client: stable, and it tells nothing."""
    salt = kept(folder / "subject.salt", make=secrets.token_urlsafe(32))
    words = f"{client_id}\n{personal_number}".encode()
    return hmac.new(salt.encode(), words, hashlib.sha256).hexdigest()[:32]
