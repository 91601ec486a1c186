"""People's records that are no things of the district: hand-overs, and a person's whole service."""

from case_contracts.events.base import EventData
from case_contracts.events.registry import HandoverRecorded
from registry.domain.aggregate import FOUND_BY
from registry.domain.kinds import KINDS
from registry.domain.people.handing_over import HANDOVER
from registry.domain.people.service import Service, service
from registry.views.records import events_of, spans
from service_kit.mongo import ASCENDING, Database, Document
from service_kit.validity import Span


async def prepare(database: Database) -> None:
    """What is looked up by grid, department or person; portfolios are few and read whole."""
    for kind, fields in FOUND_BY.items():
        for field in fields:
            await database[f"view_{kind}"].create_index([(field, ASCENDING)], name=field)


async def handovers(database: Database, query: Document) -> list[HandoverRecorded]:
    """The slips that the query finds, in order of time."""
    documents = [d async for d in database[f"view_{HANDOVER.name}"].find(query, {"state": 1})]
    events = [event for said in events_of(documents).values() for event in said]
    slips = [event for event in events if isinstance(event, HandoverRecorded)]
    return sorted(slips, key=lambda slip: (slip.valid_from, slip.handover))


async def service_of(database: Database, person: str) -> list[Service]:
    """All that a person ever did in a post, in order of time."""
    found: list[Span[EventData]] = []
    for kind in ("posting", "secondment", "contact_group"):
        found += await spans(database, KINDS[kind], {"persons": person})
    found += await spans(database, KINDS["portfolio"], {})
    slips = await handovers(database, {"persons": person})
    found += [Span(slip, slip.valid_from, slip.valid_from) for slip in slips]
    return service(person, found)
