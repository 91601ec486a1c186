"""What would become of a report if it were taken now. Nothing is stored."""

import uuid

from case_contracts.events.intake import Recorded, ReportRejected, TriageRequested
from intake.adapters.vault import Vault
from intake.api.channels import Entrance
from intake.api.schemas import Said
from intake.api.taking import Taken, command_of
from intake.commands.receive_report import receive_report
from intake.domain.report import ReportState
from service_kit import clock
from service_kit.auth import Principal
from service_kit.runtime import Runtime
from service_kit.store.model import Context, Occurred


async def rehearse(
    runtime: Runtime, caller: Principal, said: Said, came: Entrance, recorded: Recorded | None
) -> Taken:
    """As ``take`` would answer for a new report, by the same decision on the same world."""
    vault: Vault = runtime.extras["vault"]
    world = await runtime.load_world()
    world.check(clock.now())
    cause = uuid.uuid4().hex
    report = vault.references.report(cause)
    case = vault.references.case(report)
    command = command_of(said, came, case, vault, recorded)
    context = Context(clock.now(), lambda noun: f"{noun}:none", world, cause, cause, caller.actor())
    taken = Taken(report, case, "", None, repeated=False)
    for each in receive_report(ReportState(report=report), command, context):
        event = each.data if isinstance(each, Occurred) else each
        if isinstance(event, ReportRejected):
            return Taken(report, None, "", event.reason, repeated=False)
        if isinstance(event, TriageRequested):
            return Taken(report, None, "", None, repeated=False, unclear=event.reason)
    return taken
