"""What comes in and goes out about links between reports and cases."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.intake import Likeness
from case_contracts.values import Code, Instant, Ref
from intake.api.schemas import In

_CASE = "case:0c7be5d2-8f0d-5a45-9d6e-2f5a1f6e9b10"


class ProposedOut(BaseModel):
    """A report that may be about the problem of ``to_case``. Nothing personal is in it: the
    words of both are the vault's, for a purpose."""

    report: Ref
    case: Ref
    to_case: Ref
    matter: str
    likeness: Likeness
    reported_at: Instant
    proposed_at: Instant


class MadeOut(BaseModel):
    """A link as it was made; ``by`` is null for the machine. ``stands``: it was not undone.
    ``matter`` and ``reported_at`` are the report's, null where nothing is known of it any more."""

    report: Ref
    matter: str | None
    reported_at: Instant | None
    case: Ref
    from_case: Ref | None
    by: Ref | None
    likeness: Likeness | None
    linked_at: Instant
    stands: bool


class LinkIn(In):
    """``dry_run``: only say what would happen."""

    case: Ref
    dry_run: bool = False

    model_config = ConfigDict(json_schema_extra={"examples": [{"case": _CASE, "dry_run": True}]})


class LinkOut(BaseModel):
    """Where the report belongs now, or with ``dry_run`` would. ``from_case`` is the case that it
    had opened or been linked to, null where there was none; ``emptied``: that one ends, because
    no other report stands behind it."""

    report: Ref
    case: Ref
    from_case: Ref | None
    emptied: bool
    dry_run: bool


class UnlinkIn(In):
    """``reason`` is a code."""

    reason: Annotated[Code, Field(description="Why, as a code")] = "other_problem"

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "other_problem"}]})


class UnlinkOut(BaseModel):
    """``case`` is the report's own from now on; null where none was opened, because the report
    waits for a reviewer or is out of scope."""

    report: Ref
    from_case: Ref
    case: Ref | None


class DeclineIn(In):
    """The case that was proposed."""

    case: Ref

    model_config = ConfigDict(json_schema_extra={"examples": [{"case": _CASE}]})


class DeclineOut(BaseModel):
    """This case is not proposed for this report again."""

    report: Ref
    declined: list[Ref]
