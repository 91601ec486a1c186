"""Taking one report, whichever door it came by: into the vault, then committed."""

from dataclasses import dataclass, replace

from case_contracts.events.intake import (
    Recorded,
    Rejection,
    ReportLinked,
    ReportRejected,
    TriageRequested,
    Unclear,
)
from case_contracts.values import Text
from intake.adapters.entry import Entry, Particulars
from intake.adapters.vault import Vault
from intake.api import beside
from intake.api.channels import Entrance, as_recorded, enter
from intake.api.schemas import Said
from intake.commands.receive_report import ReceiveReport
from intake.domain.duplicates import Near
from service_kit import clock
from service_kit.auth import Principal
from service_kit.runtime import Runtime
from service_kit.store import Outcome, Work
from service_kit.telemetry.tracing import current_traceparent

HANDLER = "intake.receive-report"


@dataclass(frozen=True)
class Taken:
    """A report as committed, by this request or an earlier one with the same key."""

    report: str
    case: str | None
    receipt: str
    reason: Rejection | None
    repeated: bool
    unclear: Unclear | None = None
    turn_to: Text | None = None
    purpose: str | None = None


async def take(
    runtime: Runtime, caller: Principal, said: Said, cause: str, body: bytes,
    recorded: Recorded | None = None, particulars: Particulars | None = None,
    *, came: Entrance | None = None, purpose: str | None = None,
) -> Taken:  # fmt: skip
    """Store and commit; the same ``cause`` again answers as the first time.

    ``came``: how it came, where its door has seen to rights and limits already (imports,
    batches).
    ``purpose`` is written into the commit and read back from it, whoever committed it.

    Raises DistrictNotLoaded, TooMany, and what ``channels.enter`` does, before anything is
    stored; KeyReused for another ``body``.
    """
    entrance = came or (enter(said, caller) if recorded is None else as_recorded(said))
    if recorded is None and came is None:
        runtime.rates.channel(said.channel.value)
    await _until_loaded(runtime)
    vault: Vault = runtime.extras["vault"]
    receipt = vault.references.receipt(cause)
    report = vault.references.report(receipt)
    case = vault.references.case(report)
    kept = vault.put(report, _entry(said, receipt, particulars))
    where = beside.place(said, report, case, recorded)
    near = beside.as_reporter(await beside.near(runtime, where), said, vault)
    work = Work(
        aggregate=report,
        handler=HANDLER,
        cause=cause,
        command=command_of(said, entrance, case, vault, recorded, near),
        actor=caller.actor(purpose),
        traceparent=current_traceparent(),
        body_hash=vault.references.body(body),
        fresh=True,
        after=kept,
    )
    taken = _taken(await runtime.committer.submit(work), report, case, receipt)
    if taken.case == case:
        beside.neighbours_of(runtime).opened(where)
    return taken


async def _until_loaded(runtime: Runtime) -> None:
    """Once loaded, a district stays: only a service that has just begun need look."""
    if not runtime.extras.get("loaded"):
        (await runtime.load_world()).check(clock.now())
        runtime.extras["loaded"] = True


def _entry(said: Said, receipt: str, particulars: Particulars | None) -> Entry:
    return Entry(
        text=said.text,
        contact=said.contact,
        point=said.point.point() if said.point else None,
        receipt=receipt,
        language=said.language,
        particulars=particulars,
    )


def command_of(
    said: Said,
    entrance: Entrance,
    case: str,
    vault: Vault,
    recorded: Recorded | None,
    near: Near | None = None,
) -> ReceiveReport:
    """What is asked of the report's aggregate. ``near``: an open case that it may belong to."""
    return ReceiveReport(
        case=case,
        channel=said.channel,
        matter=said.matter or "",
        condition=said.condition,
        point=said.point.point() if said.point else None,
        reported_at=said.reported_at,
        about=said.about,
        reporter=beside.reporter(said.contact, case, vault),
        by=entrance.by,
        receiver=entrance.receiver,
        origin=entrance.origin,
        reachable=() if recorded else _reachable(said),
        language=said.language,
        recorded=recorded,
        review=said.review,
        near=near,
    )


def _reachable(said: Said) -> tuple[str, ...]:
    """Everybody with a receipt can read their notices; an address brings them by email too. Who
    left only a telephone number is called back (回访)."""
    if said.contact and said.contact.email:
        return ("inapp", "email")
    return ("inapp", "phone") if said.contact and said.contact.phone else ("inapp",)


def _taken(outcome: Outcome, report: str, case: str, receipt: str) -> Taken:
    purpose = outcome.commit.actor.purpose
    taken = Taken(report, case, receipt, None, outcome.repeated, purpose=purpose)
    for event in outcome.events:
        if event.type == ReportRejected.SPEC.type:
            said = ReportRejected.model_validate(event.data)
            return replace(taken, case=None, reason=said.reason, turn_to=said.turn_to)
        if event.type == TriageRequested.SPEC.type:
            return replace(taken, case=None, unclear=Unclear(event.data["reason"]))
        if event.type == ReportLinked.SPEC.type:
            return replace(taken, case=str(event.data["case"]))
    return taken
