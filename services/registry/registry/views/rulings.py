"""Rulings that ask for a charter, as far as dispatch's events have come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import RulingMade
from service_kit.mongo import ASCENDING, Database

RULINGS = "fact_ruling"
AT_ONCE = 50


@dataclass(frozen=True)
class Asked:
    """One that waits to be taken up."""

    id: str
    ruling: RulingMade
    traceparent: str | None


def row(data: RulingMade, envelope: Envelope) -> Mapping[str, Any] | None:
    """Only those with ``propose``."""
    if not data.propose:
        return None
    ruling = data.model_dump(mode="json")
    return {"waits": True, "ruling": ruling, "traceparent": envelope.traceparent}


async def prepare(database: Database) -> None:
    await database[RULINGS].create_index([("waits", ASCENDING)], name="waits", sparse=True)


async def waiting(database: Database) -> list[Asked]:
    rows = await database[RULINGS].find({"waits": True}).limit(AT_ONCE).to_list(AT_ONCE)
    return [Asked(r["_id"], RulingMade.model_validate(r["ruling"]), r["traceparent"]) for r in rows]


async def done(database: Database, asked: Asked) -> None:
    """Taken up: that it is so stands in the ledger, this only spares looking again."""
    await database[RULINGS].update_one({"_id": asked.id}, {"$unset": {"waits": ""}})
