"""Who is under whom, as the registry publishes it: mirrored, so that what complains of somebody
is hidden from them."""

from collections.abc import Callable
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.registry import (
    PortfolioAssigned,
    SecondmentEnded,
    SecondmentStarted,
)
from service_kit.events.subscriptions import Mirror
from service_kit.postings import build_postings
from service_kit.ties import build_paths, build_portfolios, build_secondments


def _validity(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_from.isoformat()}"


def _end(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_to.isoformat()}"


TIES_MIRRORS = (
    Mirror(SecondmentStarted, "mirror_secondment", _validity),
    Mirror(SecondmentEnded, "mirror_secondment", _end),
    Mirror(PortfolioAssigned, "mirror_portfolio", _validity),
)
TIES: dict[str, tuple[str, Callable[[list[Any]], Any]]] = {
    "postings": ("mirror_posting", build_postings),
    "secondments": ("mirror_secondment", build_secondments),
    "portfolios": ("mirror_portfolio", build_portfolios),
    "paths": ("mirror_grid", build_paths),
}
"""Caches, by their name in the world."""
