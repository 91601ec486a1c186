"""What the routes of Open311 answer, for OpenAPI: both formats, and the errors of GeoReport v2."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, RootModel

from intake.api.open311.form import Form
from intake.api.schemas import Answers


class Value(BaseModel):
    """One of an attribute's values."""

    key: str
    name: str


class Service(BaseModel):
    """A matter that can be reported."""

    service_code: str
    service_name: str
    description: str | None
    metadata: bool
    type: Literal["realtime", "batch", "blackbox"]
    keywords: str | None
    group: str | None


class Attribute(BaseModel):
    """What is asked (``variable``) or told about a service."""

    variable: bool
    code: str
    datatype: Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
    required: bool
    datatype_description: str | None
    order: int
    description: str | None
    values: list[Value]


class Definition(BaseModel):
    """What can be said about a service beyond place and words."""

    service_code: str
    attributes: list[Attribute]


class ServiceRequest(BaseModel):
    """A request as everybody may see it: coarse in place, without its reporter's words."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str | None
    service_name: str | None
    service_code: str
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: datetime
    updated_datetime: datetime | None
    expected_datetime: datetime | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


class Made(BaseModel):
    """Either the id or the token; the notice holds the reporter's receipt."""

    service_request_id: str | None = None
    token: str | None = None
    service_notice: str
    account_id: str | None


class Resolved(BaseModel):
    """The id that a token stands for; null until it is decided what the report opens."""

    service_request_id: str | None
    token: str


class Endpoint(BaseModel):
    specification: str
    url: str
    changeset: str
    type: Literal["production", "test"]
    formats: list[str]


class Discovery(BaseModel):
    """Where Open311 is spoken here."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]


class Open311Error(BaseModel):
    """What went wrong, to be read by people."""

    code: int
    description: str


class Open311ErrorList(RootModel[list[Open311Error]]):
    """One for each thing that is wrong."""


_XML: dict[str, Any] = {"text/xml": {"schema": {"type": "string"}}}
_MEANINGS = {
    400: "Something is missing or wrong, or the report opens no case: the description says why",
    403: "The key is missing where one is needed, or is not valid",
    404: "No such format, jurisdiction, service, request or token",
    413: "The body is too large",
    429: "Too many requests: Retry-After says when to come again",
    503: "No district is loaded yet, or the store is away: try again",
}


def _answers(model: Any, *statuses: int) -> Answers:
    found: Answers = {200: {"model": model, "description": "As asked for", "content": _XML}}
    for status in (400, 404, 429, 503, *statuses):
        found[status] = {
            "model": Open311ErrorList, "description": _MEANINGS[status], "content": _XML,
        }  # fmt: skip
    return found


DISCOVERY = _answers(Discovery)
SERVICES = _answers(list[Service])
DEFINITION = _answers(Definition)
REQUESTS = _answers(list[ServiceRequest])
POSTED = _answers(list[Made], 403, 413)
TOKEN = _answers(list[Resolved])


def _form_body() -> dict[str, Any]:
    """The fields of the form, and the attribute that services have."""
    schema = Form.model_json_schema()
    condition = {"type": "string", "description": "A value of the service's definition"}
    schema["properties"] = {**schema["properties"], "attribute[condition]": condition}
    [example] = schema["examples"]
    content = {"application/x-www-form-urlencoded": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


FORM_BODY = _form_body()
