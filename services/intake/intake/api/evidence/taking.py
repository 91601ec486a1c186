"""Taking one file: cleaned, sealed and stored, then committed."""

from dataclasses import dataclass

from case_contracts.events.intake import EvidenceKind
from intake.adapters.evidence.media import Media
from intake.adapters.evidence.rows import Row
from intake.adapters.evidence.workshop import Workshop
from intake.adapters.vault import Vault
from intake.api.evidence.target import Target
from intake.commands.evidence.attach import AttachEvidence
from intake.domain.evidence.errors import Gone
from intake.domain.world import World
from service_kit.auth import Principal
from service_kit.errors import KeyReused
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent

HANDLER = "intake.attach-evidence"


@dataclass(frozen=True)
class File:
    """As it was sent; ``declared`` is the type that the sender says."""

    data: bytes
    declared: str


async def take(
    runtime: Runtime, caller: Principal, whose: Target, file: File, key: str | None
) -> str:
    """The evidence's id; the same file or the same ``key`` again gives the same one.

    Raises KeyReused for another file under the same key, Gone where it was removed since.
    """
    vault: Vault = runtime.extras["vault"]
    media: Media = runtime.extras["media"]
    digest = vault.references.file(file.data)
    cause = derived(caller.id, "POST /evidence", whose.owner, key or digest)
    evidence = vault.references.evidence(cause)
    row = await media.rows.find(evidence)
    if row is None:
        row = await _keep(runtime, evidence, digest, whose, file)
    if not row.copies:
        raise Gone("it was sent before and was removed")
    if row.digest != digest:
        raise KeyReused("the same key came before with another file")
    await runtime.committer.submit(
        Work(
            aggregate=evidence,
            handler=HANDLER,
            cause=cause,
            command=await _command(runtime, row, whose),
            actor=caller.actor(),
            correlation=whose.case,
            traceparent=current_traceparent(),
            body_hash=digest,
        )
    )
    await media.settle(row)
    return evidence


async def _keep(runtime: Runtime, evidence: str, digest: str, whose: Target, file: File) -> Row:
    media: Media = runtime.extras["media"]
    workshop: Workshop = runtime.extras["workshop"]
    await media.rows.free_slot(whose.slots)
    cleaned = await workshop.clean(file.data, file.declared)
    return await media.keep(
        evidence, digest, cleaned, key=whose.key, case=whose.case, slots=whose.slots
    )


async def _command(runtime: Runtime, row: Row, whose: Target) -> AttachEvidence:
    media: Media = runtime.extras["media"]
    world: World = await runtime.load_world()
    protected = row.copies["protected"]
    return AttachEvidence(
        report=whose.report,
        case=whose.case,
        taskid=whose.taskid,
        phase=whose.phase,
        kind=EvidenceKind(row.kind),
        format=protected.format,
        size=protected.size,
        digest=row.digest or "",
        fingerprint=row.fingerprint,
        same_as=await media.rows.alike(row),
        public="public" in row.copies,
        by=whose.by,
        taken=(await media.taken(row)).at,
        zone=world.loaded().zone,
    )
