"""Postings: who holds which role in which grid."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from case_contracts.district import ChangeResult, DistrictError, Origin
from case_contracts.events.registry import PostingStarted
from case_contracts.values import Ref
from registry.api.answers import MISSING, READ, REFUSALS, When, Writer
from registry.api.changing import DryRun, Key, refused
from registry.api.people.changing import end, post, raw
from registry.api.people.schemas import Ending, PostingsIn, Reason, Table
from registry.api.schemas import example
from registry.domain.kinds import KINDS
from registry.views.records import valid
from service_kit.errors import Invalid
from service_kit.reading.problems import Problems
from service_kit.reading.tables import POSTINGS, read_table

router = APIRouter(prefix="/postings", tags=["people"], responses=REFUSALS)
POSTING = KINDS["posting"]
MEDIA_TYPE = "text/csv"
_CSV = """\
posting,person,role,grid,accountable,shifts,valid_from,valid_to
posting:410199001001001:worker:2,p-000124,worker,410199001001001,true,1-5 08:00-18:00,,
"""
_TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": _CSV}},
    }
}


@router.get("", dependencies=READ, responses={200: example([PostingStarted.EXAMPLE])})
async def postings(
    request: Request,
    when: When,
    grid: Annotated[Ref | None, Query(examples=["410199001001101"])] = None,
    person: Annotated[Ref | None, Query(examples=["p-000123"])] = None,
) -> list[PostingStarted]:
    """The postings in a grid, or of a person, that stood at a time. People are ids, not names."""
    given = {"grids": grid, "persons": person}
    query = {key: value for key, value in given.items() if value is not None}
    if not query:
        raise Invalid("give grid, person or both")
    database = request.app.state.runtime.database
    found = await valid(database, POSTING, PostingStarted, query, when)
    return [p for p in found if grid in (None, p.grid) and person in (None, p.person)]


@router.post("")
async def begin(
    request: Request, body: PostingsIn, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """Postings are to be as said: all of them, or with every error listed none."""
    raws = [raw(each, f"postings.{n}") for n, each in enumerate(body.postings)]
    return await post(request, caller, body, POSTING, "postings", raws, reason=body.reason,
                      key=key, dry_run=dry_run)  # fmt: skip


@router.post("/csv", openapi_extra=_TABLE)
async def begin_from_table(
    request: Request, reason: Annotated[Reason, Query()], caller: Writer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """The same from a table with the columns of a district's `postings.csv`: every bad line is
    told by its number. An empty `valid_from` means: since it stands just so, or from now on."""
    problems = Problems()
    text = _decoded(await request.body())
    raws = read_table(text, POSTINGS, problems)
    if not raws and not problems.found:
        problems.add("table_empty", POSTINGS, 1, "no posting in it", "add a line for each")
    table = Table(reason=reason, text=text)
    return await post(request, caller, table, POSTING, "postings", raws, problems.found,
                      reason=reason, key=key, dry_run=dry_run)  # fmt: skip


@router.post("/{posting:path}/end", responses=MISSING)
async def finish(
    request: Request, posting: Ref, body: Ending, caller: Writer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """A posting ends, at once or at `valid_to`; a grid that it leaves to nobody is a warning."""
    return await end(request, caller, body, POSTING, posting, key=key, dry_run=dry_run)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        wrong = DistrictError(code="not_utf8", origin=Origin(file=POSTINGS, line=line),
                              message=f"byte {error.start} is not UTF-8",
                              hint="save the table as CSV UTF-8")  # fmt: skip
        raise refused([wrong]) from None
