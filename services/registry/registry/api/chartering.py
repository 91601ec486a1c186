"""Charter entries: proposed by one person, approved by two others, rejected, withdrawn, revoked."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from case_contracts.district import ChangeResult, Origin
from case_contracts.values import Ref
from registry.api.answers import MISSING, REFUSALS, Writer
from registry.api.changing import CHANGED, DryRun, Key, change, planned, refused
from registry.api.charter_schemas import CharterId, CharterProposal
from registry.api.schemas import Problem, Revocation
from registry.commands.change import Planned
from registry.commands.charter import Outcome, aggregate_of, approve, propose, reject
from registry.domain.chartering.granting import KNOWN_KINDS
from registry.domain.revoking import revocation
from registry.domain.step import Step
from registry.views.known import Known
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Forbidden, Invalid
from service_kit.http.access import needs

router = APIRouter(prefix="/charters", tags=["charters"], responses=REFUSALS)
Charter = Annotated[CharterId, Path(examples=["charter:urban-management:markets"])]
Version = Annotated[int, Path(ge=1, le=1_000_000)]
Proposer = Annotated[Principal, Depends(needs("registry.propose", "registry.write"))]
Approver = Annotated[Principal, Depends(needs("registry.approve"))]
Rejecter = Annotated[
    Principal, Depends(needs("registry.approve", "registry.propose", "registry.write"))
]
_PERSON: TypeAdapter[str] = TypeAdapter(Ref)


def _conflict(codes: str) -> dict[int | str, dict[str, Any]]:
    return {409: {"model": Problem, "description": codes}}


class Nothing(BaseModel):
    """An empty body: who and what follow from the token and the path."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {}})


@router.post("", responses=CHANGED | _conflict("`pending`: a version waits for approval"))
async def proposal(
    request: Request, body: CharterProposal, caller: Proposer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """Propose an entry, or a new version of one. Nothing takes effect before two people, neither
    of them who proposed it, have approved it. A warning `two_leads` says what would then still
    refuse it."""
    wanted = body.wanted(aggregate_of(body.charter), _person(caller))
    own = None if caller.may("registry.write") else caller.department
    origin = body.origin or Origin(file="proposal")

    def plan(known: Any) -> Outcome:
        return propose(wanted, known, origin, clock.now(), own)

    return await _change(request, caller, body, plan, body.charter, "propose-charter", key, dry_run)


@router.post(
    "/{charter:path}/versions/{version}/approval",
    responses=CHANGED | MISSING | _conflict(
        "`own_proposal`, `approved_already`, `not_pending` or `over_already`"
    ),
)  # fmt: skip
async def approval(
    request: Request, charter: Charter, version: Version, caller: Approver,
    body: Nothing | None = None, key: Key = None, dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """Approve a proposed version. With the second person's approval it is granted in the same
    step, unless another entry leads for one of its matters on the same ground (`two_leads`)."""
    person = _person(caller)

    def plan(known: Any) -> Outcome:
        return approve(charter, version, person, known, clock.now())

    about = body or Nothing()
    return await _change(request, caller, about, plan, charter, "approve-charter", key, dry_run)


@router.post(
    "/{charter:path}/versions/{version}/rejection",
    responses=CHANGED | MISSING | _conflict("`not_pending`"),
)
async def rejection(
    request: Request, charter: Charter, version: Version, caller: Rejecter,
    body: Nothing | None = None, key: Key = None, dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """Reject a proposed version; by who proposed it: withdraw it."""
    person, only_own = _person(caller), not caller.may("registry.approve")

    def plan(known: Any) -> Outcome:
        return reject(charter, version, person, known, only_own=only_own)

    about = body or Nothing()
    return await _change(request, caller, about, plan, charter, "reject-charter", key, dry_run)


@router.post(
    "/{charter:path}/revocation",
    responses=CHANGED | MISSING | _conflict("`in_the_past` or `ended_already`"),
)
async def revoke(
    request: Request, charter: Charter, body: Revocation, caller: Writer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """End a charter entry, at once or at `valid_to`; all its versions end with it. The two people
    who decided it are named by the operator, who is neither of them."""
    if len(set(body.approved_by) - {caller.id}) < 2:
        raise Invalid("approved_by: two different people approve a revocation, and neither of"
                      " them is who enters it")  # fmt: skip

    def plan(known: Any) -> Outcome:
        aggregate = aggregate_of(charter)
        events = tuple(revocation(known.get(aggregate, ()), body.valid_to, clock.now()))
        return Outcome([Step(aggregate, events)] if events else [])

    purpose = f"{body.reason} (approved by {', '.join(body.approved_by)})"
    return await _change(
        request, caller, body, plan, charter, "revoke-charter", key, dry_run, purpose
    )


async def _change(
    request: Request, caller: Principal, body: BaseModel, plan: Any, charter: str, kind: str,
    key: str | None, dry_run: bool, purpose: str | None = None,
) -> ChangeResult:  # fmt: skip
    """Through the ledger, so that of two that contradict each other the second sees the first."""
    known: Known = request.app.state.runtime.extras["known"]

    async def plans() -> Planned:
        found: Outcome = plan(await known.read(KNOWN_KINDS))
        if found.errors:
            raise refused(found.errors, found.warnings, what="the entry")
        return planned(found.steps, found.warnings)

    return await change(
        request, caller, body, plans, kind=kind, about=[aggregate_of(charter)], purpose=purpose,
        key=key, dry_run=dry_run,
    )  # fmt: skip


def _person(caller: Principal) -> str:
    """Who is named in events: an id, never a name."""
    try:
        return _PERSON.validate_python(caller.id)
    except ValidationError:
        raise Forbidden("your token's subject is no id that an event may name") from None
