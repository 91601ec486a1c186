"""End an import: every line was looked at, or somebody cancelled it."""

from dataclasses import dataclass

from case_contracts.events.intake import ImportFinished, ImportOutcome
from intake.domain.imports import Counts, ImportState
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class FinishImport:
    """``cancelled_by`` is who cancelled it."""

    outcome: ImportOutcome
    counts: Counts
    cancelled_by: str | None = None


def finish_import(state: ImportState, command: FinishImport, context: Context) -> Decision:
    """``import.finished``, once; nothing for one that was cancelled before it had started."""
    if state.kind is None or state.outcome is not None:
        return []
    counts = command.counts
    return [
        ImportFinished(
            job=state.job,
            kind=state.kind,
            outcome=command.outcome,
            lines=state.lines,
            opened=counts.opened,
            linked=counts.linked,
            waiting=counts.waiting,
            rejected=counts.rejected,
            repeated=counts.repeated,
            bad=counts.bad,
            by=state.by,
            cancelled_by=command.cancelled_by,
            finished_at=context.now,
        )
    ]
