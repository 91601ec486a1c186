"""Programs that get tokens of the development issuer by a secret of their own (OAuth 2, RFC 6749
section 4.4): each department's service."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, unquote

from pydantic import BaseModel, Field, TypeAdapter


class Client(BaseModel):
    """``secrets`` are SHA-256 sums in hexadecimal; while one is replaced both count."""

    department: str
    secrets: Annotated[list[str], Field(max_length=2)]


CLIENTS = TypeAdapter(dict[str, Client])


def hashed(secret: str) -> str:
    """How a secret is kept; secrets are drawn at random and long, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def department_of(file: Path | None, name: str, secret: str) -> str | None:
    """Whose client it is, as the file says now; None: nobody's, or the secret is wrong."""
    clients = CLIENTS.validate_json(file.read_bytes()) if file and file.is_file() else {}
    client = clients.get(name)
    given = hashed(secret)
    if client is None or not any(hmac.compare_digest(given, each) for each in client.secrets):
        return None
    return client.department


def credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    """Client id and secret, from the header (Basic) or else from the form."""
    scheme, _, value = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote(name), unquote(secret)


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form, the last of each name."""
    return {name: said[-1] for name, said in parse_qs(body.decode("latin-1")).items()}
