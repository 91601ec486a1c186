"""Merging keeps rights (domain rule 3): every reporter's receipt, notices, vote and reopening."""

from collections.abc import AsyncIterator

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.intake import ReportLinked, SatisfactionRated
from tests.flow.merged.house import House, Reporter, house
from tests.support.tokens import TestIssuer
from tests.support.twin import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture
async def town(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[House]:
    async with house(mongo_url, database, issuer) as found:
        yield found


async def closed_for_both(town: House, *receipts: str) -> None:
    async def closed() -> bool:
        states = [(await town.intake.http.get(f"/track/{r}")).json()["status"] for r in receipts]
        return set(states) == {"closed"}

    await eventually(closed)


async def test_each_receipt_shows_the_common_case(town: House) -> None:
    first = await town.reports()
    await town.assigned(first.case)
    second = await town.reports(4)
    assert second.case == first.case
    assert second.receipt != first.receipt
    assert len({t.case for t in town.dispatch.published(events.TaskAssigned)}) == 1

    async def same_steps() -> bool:
        one, other = await town.tracks(first), await town.tracks(second)
        return bool(
            one["step"] == other["step"] == "handling"
            and one["due_at"] == other["due_at"] is not None
            and other["grid_name"] == one["grid_name"] is not None
        )

    await eventually(same_steps)
    await town.finish(first.case)
    await closed_for_both(town, first.receipt, second.receipt)
    assert (await town.tracks(second))["closed_at"] == (await town.tracks(first))["closed_at"]


async def test_each_reporter_is_told_what_becomes_of_it(town: House) -> None:
    first = await town.reports()
    await town.assigned(first.case)
    second = await town.reports(4)
    await eventually(lambda: told(town, second, ["received", "linked"]))
    await town.finish(first.case)
    await eventually(lambda: told(town, first, ["received", "assigned", "closed"]))
    await eventually(lambda: told(town, second, ["received", "linked", "closed"]))


async def told(town: House, who: Reporter, kinds: list[str]) -> bool:
    """In whatever order: what came in one moment of two cases may be told either way round."""
    return sorted(await town.told(who)) == sorted(kinds)


async def test_each_reporter_has_a_vote_of_their_own(town: House) -> None:
    first, second = await town.reports(), await town.reports(4)
    assert await town.votes(second, solved=True) == 409
    await town.finish(first.case)
    await closed_for_both(town, first.receipt, second.receipt)
    assert await town.votes(first, solved=True) == 200
    assert await town.votes(second, solved=True) == 200
    votes = town.intake.published(SatisfactionRated)
    assert [(v.report, v.case) for v in votes] == [
        (first.report, first.case), (second.report, first.case),
    ]  # fmt: skip


async def test_one_dissent_of_whoever_was_merged_opens_it_again(town: House) -> None:
    first, second = await town.reports(), await town.reports(4)
    await town.finish(first.case)
    await closed_for_both(town, first.receipt, second.receipt)
    assert await town.votes(first, solved=True) == 200
    assert await town.votes(second, solved=False) == 200

    [again] = await eventually(lambda: town.dispatch.published(events.CaseReopened))
    assert (again.case, again.by_report) == (first.case, second.report)
    assert (await town.assigned(first.case, 2)).assignment == 2
    await eventually(lambda: reopened(town, first))
    await eventually(lambda: reopened(town, second))
    assert (await town.tracks(first))["status"] == "in_progress"


async def reopened(town: House, who: Reporter) -> bool:
    return (await town.told(who))[-1:] == ["reopened"]


async def test_linked_by_hand_the_emptied_case_ends_and_its_reporter_goes_along(
    town: House,
) -> None:
    first, second = await town.reports(), await town.reports(300)
    task = await town.assigned(second.case)
    assert (await town.links(second, first.case))["emptied"] is True

    [voided] = await eventually(lambda: town.dispatch.published(events.CaseVoided))
    assert (voided.case, voided.into, voided.by) == (second.case, first.case, "p-000077")
    [revoked] = town.dispatch.published(events.TaskRevoked)
    assert (revoked.taskid, revoked.reason) == (task.taskid, "linked")

    await eventually(lambda: joined(town, second))
    await town.finish(first.case)
    await closed_for_both(town, first.receipt, second.receipt)
    assert await town.votes(second, solved=False) == 200
    await eventually(lambda: town.dispatch.published(events.CaseReopened))
    assert {c.case for c in town.dispatch.published(events.CaseClosed)} == {first.case}


async def joined(town: House, who: Reporter) -> bool:
    return "linked" in await town.told(who)


async def test_unlinked_the_reporter_hears_of_their_own_case_alone(town: House) -> None:
    first = await town.reports()
    await eventually(lambda: told(town, first, ["received", "assigned"]))
    second = await town.reports(4)
    own = (await town.unlinks(second))["case"]
    assert own not in (None, first.case)
    await eventually(lambda: told(town, second, ["received", "linked", "unlinked", "assigned"]))
    await town.finish(first.case)
    await town.finish(own)
    await eventually(
        lambda: told(town, second, ["received", "linked", "unlinked", "assigned", "closed"])
    )
    assert await town.votes(second, solved=True) == 200
    assert town.intake.published(SatisfactionRated)[-1].case == own
    assert len(town.intake.published(ReportLinked)) == 1
