"""Pieces of RabbitMQ definitions that every caller needs."""

import base64
import hashlib
import os
from typing import Any


def user(name: str, password: str, tags: str = "") -> dict[str, Any]:
    """A user, its password salted and hashed as RabbitMQ wants it."""
    salt = os.urandom(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
    }


def permission(
    name: str, vhost: str, *, configure: str = "^$", write: str = "^$", read: str = "^$"
) -> dict[str, str]:
    """What the user `name` may do on `vhost`; nothing unless said."""
    rights = {"configure": configure, "write": write, "read": read}
    return {"user": name, "vhost": vhost, **rights}
