"""Bearer tokens (JWT, validated against a JWKS) and what they allow."""

from service_kit.auth.principal import Principal
from service_kit.auth.verifier import Verifier

__all__ = ["Principal", "Verifier"]
