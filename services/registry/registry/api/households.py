"""The household register: changed with a household's consent, read for a purpose."""

import uuid
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request

from registry.api.answers import MISSING, REFUSALS
from registry.api.changing import DryRun, Key
from registry.api.grids import index
from registry.api.household_schemas import (
    LISTED,
    LOOKED,
    OPENED,
    HouseholdBrief,
    HouseholdChange,
    HouseholdList,
    HouseholdOut,
    Look,
    NeedIn,
    NeedOut,
    Registration,
    changed,
)
from registry.api.schemas import Problem
from registry.api.unit_grids import lowest, on_ground
from registry.commands.households import NO_DIGEST, HouseholdRegister
from registry.domain.households import Command, ConsentNeed, EndNeed, Erase, Household, Register
from registry.views.households import looks, of_grids
from registry.views.sight import Sight, ground_of
from service_kit import clock, ids
from service_kit.auth import Principal
from service_kit.errors import Erased, NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime
from service_kit.vault import audit

router = APIRouter(prefix="/households", tags=["households"], responses=REFUSALS | MISSING)
Reader = Annotated[Principal, Depends(needs("households.read"))]
Keeper = Annotated[Principal, Depends(needs("households.write"))]
Purpose = Annotated[
    str,
    Query(pattern=r"^[a-z][a-z-]{1,39}$", description="what it is read for", examples=["visit"]),
]
GONE: dict[int | str, dict[str, Any]] = {
    410: {"model": Problem, "description": "`erased`: the key is destroyed, or its time is over"}
}
CONSENT, WITHDRAWAL = "household-consent", "household-withdrawal"
MOST = 1000


@router.post("", responses=GONE | {200: changed(False, "household.registered.v1")})
async def register(
    request: Request, caller: Keeper, body: Registration, key: Key = None, dry_run: DryRun = False
) -> HouseholdChange:
    """Put a household of a unit grid on the register, with its consent and until a date."""
    kept = _register(request)
    await lowest(request, caller, body.grid)
    cause = _cause(request, caller, key)
    entry = kept.vault.new_id("household", cause)
    command = Register(entry, body.grid, body.consented_at, body.valid_to)
    if dry_run:
        return await _would(kept, command, entry=None)
    said = await kept.register(command, _content(body), caller.actor(CONSENT), cause)
    return HouseholdChange(dry_run=False, entry=entry, published=said)


@router.post("/{entry}/needs", responses=GONE | {200: changed(True, "need.consented.v1")})
async def consent(
    request: Request, entry: str, body: NeedIn, caller: Keeper, key: Key = None,
    dry_run: DryRun = False,
) -> HouseholdChange:  # fmt: skip
    """Keep one of its service needs, with its consent, for a purpose and until a date."""
    _standing(await _seen(request, caller, entry))
    kept, cause = _register(request), _cause(request, caller, key)
    need = kept.vault.new_id("need", cause)
    command = ConsentNeed(entry, need, NO_DIGEST, body.valid_to)
    if dry_run:
        return await _would(kept, command, entry)
    said = await kept.consent(command, _content(body), caller.actor(CONSENT), cause)
    return HouseholdChange(dry_run=False, entry=entry, need=need, published=said)


@router.post("/{entry}/needs/{need}/withdrawal", responses={200: changed(True, "need.ended.v1")})
async def withdraw(
    request: Request, entry: str, need: str, caller: Keeper, key: Key = None,
    dry_run: DryRun = False,
) -> HouseholdChange:  # fmt: skip
    """The household takes its consent to a need back: what is kept of it is destroyed at once."""
    home = await _seen(request, caller, entry)
    if need not in home.needs and need not in home.ended:
        raise NotFound("there is no such need of a household that you may see")
    return await _ended(request, caller, EndNeed(entry, need, "withdrawn"), key, dry_run)


@router.post("/{entry}/erasure", responses={200: changed(False, "household.erased.v1")})
async def erase(
    request: Request, entry: str, caller: Keeper, key: Key = None, dry_run: DryRun = False
) -> HouseholdChange:
    """The household takes its consent back: its key is destroyed, and with it all that was kept.

    Commits and events stay as they are, and their chain still verifies.
    """
    await _seen(request, caller, entry)
    return await _ended(request, caller, Erase(entry, "withdrawn"), key, dry_run)


@router.get("", responses={200: LISTED})
async def listed(
    request: Request,
    caller: Reader,
    grid: Annotated[str, Query(examples=["410199001001"], description="and all below it")],
    after: Annotated[str, Query(description="last entry of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> HouseholdList:
    """The entries on a grid's ground that the caller may see, without what is kept of them."""
    database, now = request.app.state.runtime.database, clock.now()
    sight = await Sight.of(database, caller, now)
    grids = await on_ground(request, grid, sight)
    found = {e: h for e, h in (await of_grids(database, grids)).items() if h.open(now)}
    page = sorted(entry for entry in found if entry > after)[:limit]
    shown = [_brief(entry, found[entry]) for entry in page]
    return HouseholdList(total=len(found), households=shown)


@router.get("/{entry}", responses=GONE | {200: OPENED})
async def read(request: Request, entry: str, purpose: Purpose, caller: Reader) -> HouseholdOut:
    """What is kept of a household. Who reads it, when and what for is written down first."""
    runtime: Runtime = request.app.state.runtime
    home = await _seen(request, caller, entry)
    await audit.note_many(runtime.database, caller, "read", [entry], purpose)
    _standing(home)
    vault = _register(request).vault
    found = Registration.model_validate_json(await vault.household(entry))
    standing = home.standing(clock.now())
    kept = {n: NeedIn.model_validate_json(c) for n, c in (await vault.needs(entry)).items()}
    return HouseholdOut(
        **found.model_dump(),
        entry=entry,
        needs=[NeedOut.of(need, kept[need], end) for need, end in standing.items() if need in kept],
    )


@router.get("/{entry}/audit", responses={200: LOOKED})
async def looked(request: Request, entry: str, caller: Reader) -> list[Look]:
    """Who read an entry, counted it or changed it, when and what for; the newest thousand."""
    runtime: Runtime = request.app.state.runtime
    home = await _seen(request, caller, entry)
    ground = await ground_of(runtime.database, await index(request), home.grid or "", clock.now())
    rows = [
        Look.model_validate(row)
        for row in await looks(runtime.database, [entry, *(f"grid:{each}" for each in ground)])
        if home.consented_at is None or row["at"] >= home.consented_at
    ]
    for commit in await runtime.committer.commits.newer(entry, 0):
        rows += [
            Look(who=commit.actor.id, on_behalf_of=commit.actor.on_behalf_of, what=event.type,
                 at=commit.at, purpose=commit.actor.purpose)
            for event in commit.events
        ]  # fmt: skip
    return sorted(rows, key=lambda row: row.at)[-MOST:]


def _register(request: Request) -> HouseholdRegister:
    found: HouseholdRegister = request.app.state.runtime.extras["households"]
    return found


async def _seen(request: Request, caller: Principal, entry: str) -> Household:
    """The entry, erased or not; NotFound if it is none, or one that the caller may not see."""
    home, now = await _register(request).state(entry), clock.now()
    database = request.app.state.runtime.database
    if home.grid is not None:
        ground = await ground_of(database, await index(request), home.grid, now)
        if (await Sight.of(database, caller, now)).sees(ground):
            return home
    raise NotFound("there is no such household on the register that you may see")


def _standing(home: Household) -> None:
    if not home.open(clock.now()):
        raise Erased("it was erased: the key is destroyed, or the household's consent is over")


def _cause(request: Request, caller: Principal, key: str | None) -> str:
    return ids.derived(caller.id, request.url.path, key or str(uuid.uuid4()))


def _content(body: Registration | NeedIn) -> bytes:
    return orjson.dumps(body.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)


def _brief(entry: str, home: Household) -> HouseholdBrief:
    count = len(home.standing(clock.now()))
    return HouseholdBrief.model_validate(
        {"entry": entry, "grid": home.grid, "needs": count, "valid_to": home.valid_to}
    )


async def _would(kept: HouseholdRegister, command: Command, entry: str | None) -> HouseholdChange:
    return HouseholdChange(dry_run=True, entry=entry, published=await kept.plan(command))


async def _ended(
    request: Request, caller: Principal, command: EndNeed | Erase, key: str | None, dry_run: bool
) -> HouseholdChange:
    kept, need = _register(request), getattr(command, "need", None)
    if dry_run:
        said = await kept.plan(command)
    else:
        cause = _cause(request, caller, key)
        said = await kept.withdraw(command, caller.actor(WITHDRAWAL), cause)
    return HouseholdChange(dry_run=dry_run, entry=command.entry, need=need, published=said)
