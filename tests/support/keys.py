"""Master keys of vaults for tests."""

import base64
import os


def vault_key(kid: str) -> str:
    """A new one, as the setting has it."""
    return f"{kid}:{base64.b64encode(os.urandom(32)).decode()}"
