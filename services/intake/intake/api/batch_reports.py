"""A report noted on patrol while there was no network."""

from collections.abc import Sequence
from typing import Literal

import orjson

from case_contracts.events.intake import Channel
from case_contracts.values import About, ConditionCode, MatterCode
from intake.adapters.entry import Contact
from intake.api.batch_items import Fate, Item, ItemFate, ItemKind, Noted, cause_of
from intake.api.channels import Entrance
from intake.api.schemas import In, Language, Place, Said, Words
from intake.api.taking import Taken, take
from intake.domain.report import ReportState
from intake.views.reports import report_states
from service_kit.auth import Principal
from service_kit.runtime import Runtime


class PatrolReport(In):
    """What the field worker saw; how it came and who saw it is the caller's and the batch's."""

    matter: MatterCode | None = None
    condition: ConditionCode | None = None
    point: Place | None = None
    text: Words | None = None
    contact: Contact | None = None
    language: Language = "zh"
    about: About | None = None
    review: bool = False


class ReportItem(Item):
    """``report`` was seen at ``made_at``."""

    kind: Literal["report"]
    report: PatrolReport


async def _take(runtime: Runtime, caller: Principal, noted: Noted) -> ItemFate:
    item: ReportItem = noted.item
    said = Said(
        **item.report.model_dump(), channel=Channel.PATROL, by=caller.id, reported_at=noted.at
    )
    came = Entrance(by=caller.id, receiver=caller.id, origin=None)
    body = orjson.dumps(noted.content, option=orjson.OPT_SORT_KEYS)
    cause = cause_of(caller, str(item.id))
    taken = await take(runtime, caller, said, cause, body, came=came)
    return ItemFate(
        id=str(item.id),
        status=_fate(taken),
        subject=taken.report,
        case=taken.case,
        receipt=taken.receipt,
        at=noted.at,
        reason=taken.reason,
    )


def _fate(taken: Taken) -> Fate:
    if taken.repeated:
        return Fate.REPEATED
    if taken.reason is not None:
        return Fate.REJECTED
    return Fate.WAITING if taken.unclear is not None else Fate.RECEIVED


async def _find(runtime: Runtime, caller: Principal, ids: Sequence[str]) -> dict[str, ItemFate]:
    """A report's id follows from the item's, so that nothing has to be kept for this."""
    references = runtime.extras["vault"].references
    receipts = {each: references.receipt(cause_of(caller, each)) for each in ids}
    reports = {references.report(receipt): each for each, receipt in receipts.items()}
    states = await report_states(runtime.database, list(reports))
    return {
        reports[state.report]: _found(reports[state.report], receipts[reports[state.report]], state)
        for state in states.values()
    }


def _found(item: str, receipt: str, state: ReportState) -> ItemFate:
    status = Fate.REJECTED if state.rejected else Fate.WAITING if state.waiting else Fate.RECEIVED
    return ItemFate(
        id=item,
        status=status,
        subject=state.report,
        case=state.in_case,
        receipt=receipt,
        at=state.reported_at,
        reason=state.rejected,
    )


PATROL_REPORT = ItemKind(ReportItem, _take, _find)
