"""Answers that were given to reporters: which statements anybody with the reference may read."""

from collections.abc import Mapping
from typing import Any

from case_contracts.events.dispatch import AnswerGiven
from service_kit.mongo import ASCENDING, Database
from service_kit.store.kept import Kept

GIVEN = "fact_answer"


async def prepare(database: Database) -> None:
    await database[GIVEN].create_index([("statement", ASCENDING)], name="statement")


async def is_given(database: Database, statement: str) -> bool:
    return await database[GIVEN].find_one({"statement": {"$in": [statement]}}) is not None


def _row(given: AnswerGiven) -> Mapping[str, Any]:
    return {"statement": given.statement, "case": given.case, "at": given.given_at}


KEPT = Kept(AnswerGiven, GIVEN, _row)
