"""Open the case of a report that was filed (案卷建立)."""

from dataclasses import dataclass

from case_contracts.events.intake import CaseOpened, Filing, Said
from intake.domain.case import CaseState
from service_kit.store.model import Context, Decision, Occurred


@dataclass(frozen=True)
class OpenCase:
    """The report as received, with where it belongs."""

    report: Said
    filing: Filing


def open_case(state: CaseState, command: OpenCase, context: Context) -> Decision:
    """``case.opened``, once. History is opened when it was reported."""
    if state.reports:
        return []
    said, filing = command.report, command.filing
    history = said.recorded is not None
    opened = CaseOpened(
        case=said.case,
        report=said.report,
        channel=said.channel,
        matter=said.matter,
        matter_class=filing.matter_class,
        condition=filing.condition,
        grid=filing.grid,
        grid_path=filing.grid_path,
        located=filing.located,
        point=said.point,
        standard=filing.standard,
        reported_at=said.reported_at,
        opened_at=said.reported_at if history else context.now,
        about=said.about,
        by=said.by,
        receiver=said.receiver,
        origin=said.origin,
        reachable=said.reachable,
        language=said.language,
        recorded=said.recorded,
    )
    return [Occurred(opened, said.reported_at)] if history else [opened]
