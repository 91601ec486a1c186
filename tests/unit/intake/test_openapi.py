"""What intake says of itself over HTTP."""

import base64
from typing import Any

import pytest
from pydantic import BaseModel

from intake.api.evidence.schemas import EvidenceLinkIn, EvidenceOut, RemovalIn
from intake.api.imports import Import
from intake.api.schemas import Accepted, ImportLine, ReportIn
from intake.api.track_schemas import RatingIn
from intake.main import build
from intake.settings import IntakeSettings

OPEN = {
    ("/healthz", "get"), ("/readyz", "get"), ("/metrics", "get"), ("/track/{receipt}", "get"),
    ("/evidence/files/{token}", "get"), ("/track/{receipt}/evidence", "get"),
    ("/open311/discovery.{format}", "get"),
    ("/open311/v2/services.{format}", "get"),
    ("/open311/v2/services/{service_code}.{format}", "get"),
    ("/open311/v2/requests.{format}", "get"),
    ("/open311/v2/requests/{service_request_id}.{format}", "get"),
    ("/open311/v2/tokens/{token}.{format}", "get"),
}  # fmt: skip
"""Routes that look at no token at all."""


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    settings = IntakeSettings.model_validate(
        {
            "district": "lanhe",
            "amqp_url": "amqp://unused",
            "mongo_url": "mongodb://unused",
            "database": "unused",
            "jwks_url": "http://unused",
            "vault_keys": f"k1:{base64.b64encode(bytes(32)).decode()}",
        }
    )
    return build(settings).openapi()


@pytest.mark.parametrize(
    "model", [ReportIn, Accepted, RatingIn, Import, EvidenceLinkIn, EvidenceOut, RemovalIn]
)
def test_every_example_is_valid(openapi: dict[str, Any], model: type[BaseModel]) -> None:
    examples = openapi["components"]["schemas"][model.__name__]["examples"]

    assert examples
    for example in examples:
        model.model_validate(example)


def test_the_example_of_an_import_holds_valid_lines(openapi: dict[str, Any]) -> None:
    for example in openapi["components"]["schemas"]["Import"]["examples"]:
        for line in example["lines"]:
            ImportLine.model_validate(line)


def test_every_other_route_declares_that_it_looks_at_tokens(openapi: dict[str, Any]) -> None:
    without = {
        (path, method)
        for path, methods in openapi["paths"].items()
        for method, route in methods.items()
        if not route.get("security")
    }
    assert without == OPEN
