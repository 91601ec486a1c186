"""What evidence is attached to, and who may do so."""

from dataclasses import dataclass

from case_contracts.events.intake import Phase
from intake.adapters.evidence.rows import Slots
from intake.adapters.vault import Vault
from intake.api.evidence.seeing import case_for
from intake.api.track import report_of
from intake.domain.progress import Kind
from intake.settings import IntakeSettings
from intake.views.progress import FACTS
from service_kit.auth import Principal
from service_kit.auth.principal import ANONYMOUS
from service_kit.errors import Forbidden, Invalid, NotYet, Refused, Unauthenticated
from service_kit.runtime import Runtime

WRITE = "evidence.write"


@dataclass(frozen=True)
class Asked:
    """As the request says it."""

    receipt: str | None
    case: str | None
    taskid: str | None
    phase: Phase | None
    by: str | None


@dataclass(frozen=True)
class Target:
    """``owner`` tells one target from another; ``key`` is the case's key to seal under."""

    owner: str
    key: str
    report: str | None
    case: str | None
    taskid: str | None
    phase: Phase
    by: str | None
    slots: Slots


async def target(runtime: Runtime, caller: Principal, asked: Asked) -> Target:
    """A reporter's own report by its receipt, else a task's work before or after it."""
    settings = runtime.settings
    assert isinstance(settings, IntakeSettings)
    if asked.receipt is not None:
        return await _report(runtime, asked, settings.evidence_per_report)
    if caller is ANONYMOUS:
        raise Unauthenticated(f"send the Receipt header, or a bearer token with {WRITE}")
    if not caller.may(WRITE):
        raise Forbidden(f"this needs the scope {WRITE}")
    return await _task(runtime, caller, asked, settings.evidence_per_task)


async def _report(runtime: Runtime, asked: Asked, most: int) -> Target:
    if asked.case or asked.taskid or asked.by or asked.phase not in (None, Phase.REPORT):
        raise Invalid("with a receipt nothing else is said: the evidence belongs to its report")
    assert asked.receipt is not None
    report = await report_of(runtime, asked.receipt)
    if report.withdrawn_at is not None:
        raise Refused("the report was withdrawn", code="withdrawn")
    vault: Vault = runtime.extras["vault"]
    return Target(
        owner=report.report,
        key=vault.references.case(report.report),
        report=report.report,
        case=report.in_case,
        taskid=None,
        phase=Phase.REPORT,
        by=None,
        slots=Slots(prefix=report.report, most=most),
    )


async def _task(runtime: Runtime, caller: Principal, asked: Asked, most: int) -> Target:
    if not asked.case or not asked.taskid or asked.phase not in (Phase.BEFORE, Phase.AFTER):
        raise Invalid("say case, taskid and phase (before or after): it belongs to a task")
    case, _ = await case_for(runtime, caller, asked.case)
    await _check_task(runtime, case.case, asked.taskid)
    vault: Vault = runtime.extras["vault"]
    owner = f"{case.case}|{asked.taskid}|{asked.phase.value}"
    return Target(
        owner=owner,
        key=vault.references.case(case.reports[0]),
        report=None,
        case=case.case,
        taskid=asked.taskid,
        phase=asked.phase,
        by=_by(caller, asked),
        slots=Slots(prefix=owner, most=most),
    )


def _by(caller: Principal, asked: Asked) -> str:
    """A service (the gateway) says for whom; everybody else speaks for themselves."""
    if asked.by is None or asked.by == caller.id:
        return caller.id
    if caller.kind != "service":
        raise Forbidden("only a service may say by whom it was made")
    return asked.by


async def _check_task(runtime: Runtime, case: str, taskid: str) -> None:
    row = {"case": case, "kind": Kind.ASSIGNED.value, "taskid": taskid}
    if await runtime.database[FACTS].find_one(row) is None:
        raise NotYet(
            "no such task was assigned on this case, or the news has not come yet",
            code="task_not_known",
        )
