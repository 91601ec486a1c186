"""Evidence of a case as a department may know it: what, and where at the gateway it opens."""

from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.intake import Phase
from case_contracts.inbox import Attachment
from case_contracts.values import Instant, Ref


class Shown(BaseModel):
    """One piece that those who handle the case may see, as intake says it."""

    model_config = ConfigDict(frozen=True)

    evidence: Ref
    phase: Phase
    format: str
    taken_at: Instant | None = None


class Evidence(BaseModel):
    """All that they may see, the oldest first, and how many of the reporters' they may not."""

    model_config = ConfigDict(frozen=True)

    attachments: tuple[Shown, ...] = ()
    withheld: int = Field(0, ge=0)


def address(department: str, taskid: str, evidence: str) -> str:
    """The path at the gateway at which it opens, for this department and task alone."""
    task, piece = quote(taskid, safe=":@"), quote(evidence, safe=":@")
    return f"/departments/{department}/tasks/{task}/evidence/{piece}"


def attachments(department: str, taskid: str, evidence: Evidence) -> list[Attachment]:
    return [
        Attachment(**dict(each), url=address(department, taskid, each.evidence))
        for each in evidence.attachments
    ]
