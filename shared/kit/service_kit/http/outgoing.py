"""What our HTTP clients have in common."""

import ssl
from functools import cache

import httpx


@cache
def certificates() -> ssl.SSLContext:
    """Whom we trust over TLS (``SSL_CERT_FILE``, else Mozilla's list), read once: it takes 60 to
    90 ms, in which a process answers nobody."""
    return httpx.create_ssl_context()
