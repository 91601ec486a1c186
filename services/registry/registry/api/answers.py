"""Answers that many routes share, and the time that a question is about."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import AwareDatetime

from registry.api.schemas import Problem
from service_kit import clock
from service_kit.auth import Principal
from service_kit.http.access import needs

REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No token, or not a valid one"},
    403: {"model": Problem, "description": "The token lacks the scope"},
    422: {"model": Problem, "description": "A field is missing or not valid"},
}
MISSING: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "There is no such thing, or none at that time"}
}
READ = [Depends(needs("registry.read"))]
Writer = Annotated[Principal, Depends(needs("registry.write"))]


def _when(
    at: Annotated[AwareDatetime | None, Query(description="a time with its zone; now")] = None,
) -> datetime:
    return at or clock.now()


When = Annotated[datetime, Depends(_when)]
