"""Begin to take the lines of a file that somebody brought."""

from dataclasses import dataclass

from case_contracts.events.intake import ImportBegun, ImportKind
from intake.domain.imports import ImportState
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class BeginImport:
    """``by`` brought so many lines."""

    kind: ImportKind
    lines: int
    by: str


def begin_import(state: ImportState, command: BeginImport, context: Context) -> Decision:
    """``import.begun``, once."""
    if state.begun_at is not None:
        return []
    return [
        ImportBegun(
            job=state.job,
            kind=command.kind,
            lines=command.lines,
            by=command.by,
            begun_at=context.now,
        )
    ]
