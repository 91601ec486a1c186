"""What lies beside a report that is being taken: the open case that it may belong to."""

from dataclasses import replace

from case_contracts.events.intake import Recorded
from intake.adapters.entry import Contact
from intake.adapters.nearby import Neighbours
from intake.adapters.vault import Vault
from intake.api.schemas import Said
from intake.domain.duplicates import Near, judge, keeps_own_case, place_of
from intake.views.links import still_open
from service_kit import clock
from service_kit.alike import Located
from service_kit.runtime import Runtime

MOST_CASES = 20
"""How many cases are looked at, the most alike first, for one that is open."""


def neighbours_of(runtime: Runtime) -> Neighbours:
    """The index of this process."""
    found: Neighbours = runtime.extras["neighbours"]
    return found


def place(said: Said, report: str, case: str, recorded: Recorded | None) -> Located | None:
    """Where the report is; None where duplicates of it are not looked for."""
    if said.point is None or not said.matter or keeps_own_case(said.about, recorded):
        return None
    at = (said.reported_at or clock.now()).timestamp()
    return place_of(report, case, said.matter, said.channel, said.point.point(), at)


async def near(runtime: Runtime, new: Located | None) -> Near | None:
    """The open case that it may belong to; asks the store only where something is near."""
    neighbours = neighbours_of(runtime)
    alike = neighbours.alike(new)[:MOST_CASES] if new is not None else []
    rule = neighbours.rules.duplicate(new.matter) if new is not None else None
    if new is None or rule is None or not alike:
        return None
    going_on = await still_open(runtime.database, [each.older.case for each in alike])
    return judge(new, [each for each in alike if each.older.case in going_on], rule)


def as_reporter(found: Near | None, said: Said, vault: Vault) -> Near | None:
    """With what stands for the reporter in that case."""
    if found is None:
        return None
    return replace(found, reporter=reporter(said.contact, found.case, vault))


def reporter(contact: Contact | None, case: str, vault: Vault) -> str | None:
    """A keyed reference that differs from case to case; None for whoever left no address."""
    way = contact and (contact.email or contact.phone)
    return vault.references.reporter(way, case) if way else None
