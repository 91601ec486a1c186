"""Who is under whom, kept as mirrors: for every service that shows what may complain of somebody.

A service takes ``GRIDS``, ``POSTINGS`` and ``LEADING`` into its subscriptions, as far as it does
not mirror them already under these names, and ``TIES`` into its caches.
"""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.registry import (
    GridPublished,
    PortfolioAssigned,
    PostingEnded,
    PostingStarted,
    SecondmentEnded,
    SecondmentStarted,
)
from service_kit.events.subscriptions import Mirror
from service_kit.postings import build_postings
from service_kit.ties import build_paths, build_portfolios, build_secondments


def _from(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_from.isoformat()}"


def _until(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_to.isoformat()}"


GRIDS = (Mirror(GridPublished, "mirror_grid", _from),)
POSTINGS = (
    Mirror(PostingStarted, "mirror_posting", _from),
    Mirror(PostingEnded, "mirror_posting", _until),
)
LEADING = (
    Mirror(SecondmentStarted, "mirror_secondment", _from),
    Mirror(SecondmentEnded, "mirror_secondment", _until),
    Mirror(PortfolioAssigned, "mirror_portfolio", _from),
)
TIES: Mapping[str, tuple[str, Callable[[list[Any]], Any]]] = {
    "postings": ("mirror_posting", build_postings),
    "secondments": ("mirror_secondment", build_secondments),
    "portfolios": ("mirror_portfolio", build_portfolios),
    "paths": ("mirror_grid", build_paths),
}
"""Caches by their names in ``Ties``."""
