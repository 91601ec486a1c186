"""``/imports/files`` and what becomes of it: files of reports, in bulk (批量导入)."""

import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response, StreamingResponse

from case_contracts.events.intake import ImportKind
from intake.adapters.import_store import ImportStore, Job, Status
from intake.adapters.vault import Vault
from intake.api.channels import HISTORY
from intake.api.import_answers import JobOut, Jobs, ProblemOut, Problems, csv_rows
from intake.api.import_uploads import CSV, NDJSON, Receiving, Way, check_timezone, media_of
from intake.domain.import_lines import Wrong
from intake.domain.import_reading import Encoding
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Forbidden, Invalid, KeyReused, NotFound, Refused
from service_kit.http.access import needs
from service_kit.ids import derived

LIVE = "reports.import"
CHUNKS_READ = 50
router = APIRouter(prefix="/imports", tags=["imports"])
Importer = Annotated[Principal, Depends(needs(HISTORY, LIVE))]
JobId = Annotated[
    str,
    Path(
        pattern=r"^import:[0-9a-f-]{36}$",
        examples=["import:3d0c2a5e-1f7b-5b39-8a40-7c0d6c1f2b11"],
    ),
]
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {
                "schema": {"type": "string"},
                "example": "ref,matter,condition,lon,lat,text\n"
                "a-1,part/utilities/manhole-cover,missing,113.602,34.702,井盖不见了\n",
            },
            NDJSON: {
                "schema": {"type": "string"},
                "example": '{"ref":"a-2","matter":"part/utilities/manhole-cover",'
                '"condition":"missing","point":{"lon":113.602,"lat":34.702}}\n',
            },
        },
    }
}


def _store(request: Request) -> ImportStore:
    found: ImportStore = request.app.state.runtime.extras["imports"]
    return found


async def _job(request: Request, job: str) -> Job:
    found = await _store(request).job(job)
    if found is None:
        raise NotFound("no such import")
    return found


@router.post(
    "/files",
    status_code=202,
    openapi_extra=_FILE,
    responses={415: {"description": "Neither text/csv nor application/x-ndjson"}},
)
async def post_file(
    request: Request,
    caller: Importer,
    kind: ImportKind,
    dry_run: Annotated[bool, Query(description="Only say what would become of each line")] = False,
    timezone: Annotated[
        str | None, Query(max_length=60, description="For times without one", examples=["UTC"])
    ] = None,
    encoding: Annotated[Encoding, Query(description="GBK is part of gb18030")] = "utf-8",
    ignore: Annotated[
        tuple[str, ...], Query(max_length=50, description="Columns of a CSV file to pass over")
    ] = (),
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> JobOut:
    """Bring a file of reports; its lines are taken in the background, each once by its ``ref``.

    A CSV file's columns are the fields: ref, channel, matter, condition, lon, lat, text, email,
    phone, language, reported_at, closed_at, by, origin. ``live`` lines (``reports.import``) open
    cases now; ``history`` (``history.import``) is taken as recorded. The file is kept sealed until
    it is done with, then destroyed.
    """
    scope = LIVE if kind is ImportKind.LIVE else HISTORY
    if not caller.may(scope):
        raise Forbidden(f"the kind {kind.value} needs the scope {scope}")
    check_timezone(timezone)
    way = Way(
        kind=kind,
        dry_run=dry_run,
        media=media_of(request),
        encoding=encoding,
        timezone=timezone,
        ignore=tuple(sorted(ignore)),
    )
    cause = derived(caller.id, "POST /imports/files", idempotency_key or uuid.uuid4().hex)
    return JobOut.of(await _received(request, f"import:{cause}", caller, way))


async def _received(request: Request, job: str, caller: Principal, way: Way) -> Job:
    store = _store(request)
    vault: Vault = request.app.state.runtime.extras["vault"]
    receiving = Receiving(way, vault.references)
    row = {"kind": way.kind.value, "dry_run": way.dry_run, "timezone": way.timezone}
    upload = await store.begin(job, caller, {**row, "begun_at": clock.now()})
    if upload is None:
        await receiving.hash_only(request)
        found = await _job(request, job)
        if found.body != receiving.body():
            raise KeyReused("this Idempotency-Key came before with another file or other settings")
        return found
    arrived = False
    try:
        await receiving.store(request, store, upload)
        arrived = await store.arrived(upload, receiving.body())
    except Wrong as wrong:
        raise Invalid(wrong.detail, code=wrong.code) from None
    finally:
        if not arrived:
            await store.forget(job, upload.attempt)
    if not arrived:
        raise Refused("the same file is being sent by somebody else, or it was cancelled")
    return await _job(request, job)


@router.get("")
async def list_imports(
    request: Request,
    caller: Importer,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Annotated[str | None, Query(max_length=60)] = None,
) -> Jobs:
    """Every import, the newest first."""
    found = await _store(request).all()
    places = [number for number, job in enumerate(found) if job.id == after]
    rest = found[places[0] + 1 :] if places else found
    more = rest[limit - 1].id if len(rest) > limit else None
    return Jobs(imports=[JobOut.of(job) for job in rest[:limit]], next=more)


@router.get("/{job}")
async def show_import(request: Request, caller: Importer, job: JobId) -> JobOut:
    """How far an import is, and when it is likely to be done."""
    return JobOut.of(await _job(request, job))


@router.post("/{job}/cancel", status_code=202)
async def cancel_import(request: Request, caller: Importer, job: JobId) -> JobOut:
    """End it after the lines at hand. What was taken stays; the file is destroyed."""
    found, store = await _job(request, job), _store(request)
    if found.status is Status.UPLOADING:
        await store.forget(job, found.attempt)
        return JobOut.of(found)
    if not await store.cancel(job, caller.id) and found.status is not Status.CANCELLED:
        raise Refused("the import has ended", code="import_ended")
    return JobOut.of(await _job(request, job))


@router.get(
    "/{job}/problems",
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "Some"}},
)
async def problems(
    request: Request,
    caller: Importer,
    job: JobId,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,7}-[0-9]{1,4}$", description="``next`` of a page")
    ] = None,
) -> Any:
    """Which lines are bad or rejected and why, as far as it is; all of them as CSV by
    ``Accept: text/csv``."""
    found = await _job(request, job)
    if CSV in request.headers.get("accept", ""):
        return _as_csv(_store(request), found)
    return Response((await _page(request, found, limit, after)).model_dump_json(),
                    media_type="application/json")  # fmt: skip


@router.get(
    "/{job}/problems.csv",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}},
)
async def problems_csv(request: Request, caller: Importer, job: JobId) -> StreamingResponse:
    """The same, all of them, for a spreadsheet."""
    return _as_csv(_store(request), await _job(request, job))


async def _page(request: Request, job: Job, limit: int, after: str | None) -> Problems:
    chunk, place = map(int, after.split("-")) if after else (-1, -1)
    found: list[ProblemOut] = []
    last = None
    async for number, rows in _chunks(_store(request), job, chunk):
        for position, row in enumerate(rows):
            if (number, position) <= (chunk, place):
                continue
            if len(found) == limit:
                return Problems(problems=found, next=last)
            found.append(ProblemOut.of(row))
            last = f"{number}-{position}"
    return Problems(problems=found, next=None)


def _as_csv(store: ImportStore, job: Job) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        yield csv_rows([], first=True)
        async for _, rows in _chunks(store, job, -1):
            yield csv_rows([ProblemOut.of(row) for row in rows], first=False)

    return StreamingResponse(parts(), media_type="text/csv; charset=utf-8")


async def _chunks(store: ImportStore, job: Job, begin: int) -> AsyncIterator[tuple[int, list[Any]]]:
    """The problems by chunk, from this one on."""
    wanted = sorted(number for number in set(job.bad_chunks) if number >= begin)
    for start in range(0, len(wanted), CHUNKS_READ):
        part = wanted[start : start + CHUNKS_READ]
        found = await store.problems(job.id, part)
        for number in part:
            if number in found:
                yield number, found[number]
