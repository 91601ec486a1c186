"""The routes of GeoReport v2. The format is the path's ending, ``.json`` or ``.xml``."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import Response

from intake.adapters.vault import Vault
from intake.api.open311 import documented as doc
from intake.api.open311 import posting, requests, services
from intake.api.open311.asking import Asked, Asking
from intake.api.open311.discovery import discovery
from intake.api.open311.form import sent
from intake.api.open311.formats import answer
from intake.domain.open311 import may_be_seen
from intake.views.progress import report_state
from service_kit.errors import NotFound
from service_kit.http.access import Caller
from service_kit.http.documented import REFUSES_OTHERWISE

GUESSABLE = ("/open311/v2/tokens/", "/open311/v2/requests/")
OWN: dict[str, Any] = {REFUSES_OTHERWISE: True}
router = APIRouter(prefix="/open311", tags=["open311"])
Many = Annotated[str | None, Query(max_length=40_000)]
Text = Annotated[str | None, Query(max_length=100)]


def _answer(asking: Asking, root: str, content: Any) -> Response:
    return answer(asking.format, root, content, headers=asking.headers)


@router.get("/discovery.{format}", responses=doc.DISCOVERY, openapi_extra=OWN)
async def get_discovery(request: Request, asked: Asked) -> Response:
    """Where Open311 is spoken here, in which formats, and how to get a key"""
    return _answer(asked, "discovery", discovery(asked, str(request.base_url)))


@router.get("/v2/services.{format}", responses=doc.SERVICES, openapi_extra=OWN)
async def get_services(asked: Asked) -> Response:
    """What can be reported: the matters of the standard in force"""
    return _answer(asked, "services", services.service_list(asked))


@router.get("/v2/services/{service_code}.{format}", responses=doc.DEFINITION, openapi_extra=OWN)
async def get_service_definition(
    asked: Asked, service_code: Annotated[str, Path(max_length=120)]
) -> Response:
    """What else is asked of a report of this service: its filing condition"""
    return _answer(asked, "service_definition", services.definition(asked, service_code))


@router.post("/v2/requests.{format}", responses=doc.POSTED, openapi_extra={**OWN, **doc.FORM_BODY})
async def post_request(
    request: Request,
    asked: Asked,
    caller: Caller,
    api_key: Annotated[str | None, Query(max_length=8000)] = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Unguessable and new for each report (a UUID): sent again, it gets the"
            " same answer",
        ),
    ] = None,
) -> Response:
    """Report something; answers with the request's id, or with a token until it is decided"""
    given = await sent(request)
    form = given.form()
    asked.same_district(form.jurisdiction_id)
    reporter = await posting.who(asked, request.scope, caller, form.api_key or api_key)
    made = await posting.post(asked, reporter, given, form, idempotency_key)
    return _answer(asked, "service_requests", [made])


@router.get("/v2/requests.{format}", responses=doc.REQUESTS, openapi_extra=OWN)
async def get_requests(
    asked: Asked,
    service_request_id: Many = None,
    service_code: Many = None,
    start_date: Text = None,
    end_date: Text = None,
    status: Text = None,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=requests.MOST)] = requests.MOST,
) -> Response:
    """Requests by id, or the newest of at most 90 days, by service and status"""
    ids = requests.ids_of(service_request_id)
    if ids:
        return _answer(asked, "service_requests", await requests.of_ids(asked, ids))
    wanted = requests.wanted_of(service_code, start_date, end_date, status)
    found = await requests.page_of(asked, wanted, page, page_size)
    return _answer(asked, "service_requests", found)


@router.get("/v2/requests/{service_request_id}.{format}", responses=doc.REQUESTS, openapi_extra=OWN)
async def get_request(
    asked: Asked, service_request_id: Annotated[str, Path(max_length=60)]
) -> Response:
    """How far a request is"""
    found = await requests.one(asked, service_request_id.lower())
    return _answer(asked, "service_requests", found)


@router.get("/v2/tokens/{token}.{format}", responses=doc.TOKEN, openapi_extra=OWN)
async def get_token(asked: Asked, token: Annotated[str, Path(max_length=100)]) -> Response:
    """The id of the request that a token was given for; null until it is decided"""
    vault: Vault = asked.runtime.extras["vault"]
    report = vault.references.report_of_token(token)
    found = await report_state(asked.runtime.database, report) if report else None
    if report is None or found is None:
        raise NotFound("token was not found")
    made = posting.request_id(report) if may_be_seen(found) else None
    content = [{"service_request_id": made, "token": token}]
    return _answer(asked, "service_requests", content)
