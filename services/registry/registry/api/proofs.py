"""Whether the commits of a thing are as they were written: its hash chain, computed anew."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from registry.api.answers import MISSING, READ, REFUSALS
from registry.api.schemas import example
from registry.views.chain import Stored, stored
from service_kit.errors import NotFound
from service_kit.runtime import Runtime
from service_kit.store.chain import Break, chain_breaks

router = APIRouter(tags=["audit"], dependencies=READ, responses=REFUSALS | MISSING)
_PROOF = {
    "aggregate": "grid:410199",
    "verified": False,
    "breaks_at": 2,
    "breaks": [{"version": 2, "what": "version 2 was changed after it was written"}],
    "commits": 3,
    "head": "0" * 64,
}


class BreakOut(BaseModel):
    version: int
    what: str


class Proof(BaseModel):
    """``head`` is the hash of the last commit, which covers all: who keeps it with its version
    can ask later whether that is still so."""

    aggregate: str
    verified: bool
    breaks_at: int | None
    breaks: list[BreakOut]
    commits: int
    head: str | None


@router.get("/proofs/{aggregate:path}", responses={200: example(_PROOF)})
async def proof(
    request: Request,
    aggregate: str,
    version: Annotated[int | None, Query(ge=1, le=10**9, description="one that you know")] = None,
    head: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="its hash")] = None,
) -> Proof:
    """Whether nothing of it was edited, deleted, reordered or cut off; else where it breaks.

    It is compared with what the view remembers, and with the `version` and `head` that you do.
    """
    runtime: Runtime = request.app.state.runtime
    try:
        kind = runtime.committer.aggregate_of(aggregate).kind
    except LookupError:
        raise NotFound(f"there is no {aggregate}") from None
    found = await stored(runtime.database, kind, aggregate)
    if not found.commits and found.version is None:
        raise NotFound(f"there is no {aggregate}")
    return _proof(aggregate, found, version, head)


def _proof(aggregate: str, found: Stored, version: int | None, head: str | None) -> Proof:
    breaks = chain_breaks(found.commits, version=found.version, head=found.head)
    if version is not None:
        breaks += chain_breaks(found.commits, version=version, head=head)
    ordered = sorted(set(breaks), key=lambda each: each.version)
    return Proof(
        aggregate=aggregate,
        verified=not ordered,
        breaks_at=ordered[0].version if ordered else None,
        breaks=[_out(each) for each in ordered],
        commits=len(found.commits),
        head=found.commits[-1].get("hash") if found.commits else None,
    )


def _out(each: Break) -> BreakOut:
    return BreakOut(version=each.version, what=each.what)
