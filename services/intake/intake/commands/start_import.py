"""Start to take the lines of a file that somebody brought."""

from dataclasses import dataclass

from case_contracts.events.intake import ImportKind, ImportStarted
from intake.domain.imports import ImportState
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class StartImport:
    """``by`` brought so many lines."""

    kind: ImportKind
    lines: int
    by: str


def start_import(state: ImportState, command: StartImport, context: Context) -> Decision:
    """``import.started``, once."""
    if state.started_at is not None:
        return []
    return [
        ImportStarted(
            job=state.job,
            kind=command.kind,
            lines=command.lines,
            by=command.by,
            started_at=context.now,
        )
    ]
