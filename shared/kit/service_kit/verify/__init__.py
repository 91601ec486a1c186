"""Verifying the invariants over the databases of running services."""

from service_kit.verify.report import Report, Verified, Violation
from service_kit.verify.whole import verify

__all__ = ["Report", "Verified", "Violation", "verify"]
