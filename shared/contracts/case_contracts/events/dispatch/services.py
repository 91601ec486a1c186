"""Disputes, on-behalf services and inquiries: the same case, with steps of their own."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, POST, TASK
from case_contracts.events.intake.rules import MatterPattern
from case_contracts.values import Code, Instant, Party, Ref, Text, Versioned


class MediationOutcome(StrEnum):
    """达成协议、调解不成、移交."""

    AGREEMENT = "agreement"
    FAILED = "failed"
    PASSED_ON = "passed_on"


@event("mediation.held", owner="dispatch", aggregate="case")
class MediationHeld(EventData):
    """A sitting of the mediation of a dispute (调解): what was said is sealed, in ``statement``."""

    case: Ref
    taskid: Ref
    number: Annotated[int, Field(ge=1)]
    by: Ref
    statement: Ref
    held_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "number": 1,
        "by": "p-000077",
        "statement": "statement:1a2b",
        "held_at": AT,
    }


@event("mediation.ended", owner="dispatch", aggregate="case")
class MediationEnded(EventData):
    """What came of a mediation. ``statement`` is the sealed agreement or record; ``passed_to``
    names who goes on with it (a court, a commission) where it was passed on."""

    case: Ref
    taskid: Ref
    outcome: MediationOutcome
    by: Ref
    statement: Ref
    passed_to: Code | None = None
    ended_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "outcome": "agreement",
        "by": "p-000077",
        "statement": "statement:1a2b",
        "passed_to": None,
        "ended_at": AT,
    }


@event("documents.handed_on", owner="dispatch", aggregate="case")
class DocumentsHandedOn(EventData):
    """The papers of an on-behalf service (代办) went from one party to another; ``documents`` are
    references to them or kinds of them, never their contents."""

    case: Ref
    taskid: Ref
    by: Ref
    to: Party
    documents: tuple[Ref, ...]
    handed_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "by": "p-000123",
        "to": POST,
        "documents": ["form:subsidy", "copy:id-card"],
        "handed_at": AT,
    }


@event("service.returned", owner="dispatch", aggregate="case")
class ServiceReturned(EventData):
    """The result of an on-behalf service went back to the resident: granted, refused, or more is
    needed; ``statement`` are the words for them."""

    case: Ref
    taskid: Ref
    by: Ref
    result: Annotated[str, Field(pattern="^(granted|refused|more_needed)$")]
    statement: Ref | None = None
    returned_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "by": "p-000077",
        "result": "granted",
        "statement": "statement:1a2b",
        "returned_at": AT,
    }


@event("inquiry.answered", owner="dispatch", aggregate="case")
class InquiryAnswered(EventData):
    """An inquiry (咨询) was answered from a published knowledge text, or in own words."""

    case: Ref
    taskid: Ref
    by: Ref
    knowledge: Versioned | None = None
    statement: Ref | None = None
    answered_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "by": "p-000077",
        "knowledge": {"id": "knowledge:parking-permit", "version": 2},
        "statement": None,
        "answered_at": AT,
    }


@event("knowledge.published", owner="dispatch", aggregate="knowledge")
class KnowledgePublished(EventData):
    """A text from which inquiries are answered, with its source. A version is never changed;
    ``withdrawn`` ends the use of all before it."""

    knowledge: Ref
    version: Annotated[int, Field(ge=1)]
    matters: tuple[MatterPattern, ...]
    title: Text
    body: Text
    source: Annotated[str, Field(min_length=1, max_length=300)]
    valid_from: Instant
    valid_to: Instant | None = None
    withdrawn: bool = False
    by: Ref
    published_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "knowledge": "knowledge:parking-permit",
        "version": 2,
        "matters": ["inquiry/traffic/*"],
        "title": {"zh": "停车证如何办理", "en": "How to get a parking permit"},
        "body": {
            "zh": "携带行驶证到街道便民服务中心办理。",
            "en": "Bring the registration to the street's service centre.",
        },
        "source": "Parking rules of 2025, article 7",
        "valid_from": "2026-01-01T00:00:00+08:00",
        "valid_to": None,
        "withdrawn": False,
        "by": "p-000009",
        "published_at": "2025-12-20T09:00:00+08:00",
    }
