"""A supervisor says that a case is another's: its reports go there, with their rights."""

from case_contracts.events.dispatch import CaseClosed, MergingRequested
from case_contracts.events.intake import ReportLinked
from intake import sweep_links
from service_kit import clock
from tests.integration.intake.links.conftest import opened, reported
from tests.integration.intake.links.test_by_hand import behind
from tests.support.twin import Twin, eventually


async def test_nothing_goes_to_a_case_that_has_ended_meanwhile(intake: Twin) -> None:
    target, opener = await opened(intake, 400), await opened(intake)
    closed = CaseClosed.model_validate(
        {**CaseClosed.EXAMPLE, "case": target.case, "closed_at": clock.now(), "due_at": None}
    )
    wish = MergingRequested(
        case=opener.case, into=target.case, by="p-000077", requested_at=clock.now()
    )
    await intake.say(closed, target.case)
    await intake.say(wish, opener.case)
    rows = intake.runtime.database["fact_merging"]
    await eventually(lambda: rows.find_one({"case": opener.case}))
    ends = intake.runtime.database["fact_progress"]
    await eventually(lambda: ends.find_one({"case": target.case, "kind": "closed"}))

    await sweep_links.once(intake.runtime)

    assert await behind(intake, opener.case) == [opener.report]


async def test_every_report_of_the_case_goes_to_the_other_and_the_last_empties_it(
    intake: Twin,
) -> None:
    target, opener = await opened(intake, 400), await opened(intake)
    second = await reported(intake, 4)
    assert await behind(intake, opener.case) == [opener.report, second.report]
    wish = MergingRequested(
        case=opener.case, into=target.case, by="p-000077", requested_at=clock.now()
    )
    await intake.say(wish, opener.case)

    async def moved() -> bool:
        await sweep_links.once(intake.runtime)
        return await behind(intake, opener.case) == []

    await eventually(moved)
    linked = [e for e in intake.published(ReportLinked) if e.case == target.case]
    assert [(e.from_case, e.emptied, e.by) for e in linked] == [
        (opener.case, False, "p-000077"), (opener.case, True, "p-000077"),
    ]  # fmt: skip
    assert len(await behind(intake, target.case)) == 3
    before = len(intake.published(ReportLinked))
    await sweep_links.once(intake.runtime)
    assert len(intake.published(ReportLinked)) == before
    track = await intake.http.get(f"/track/{opener.receipt}")
    assert track.status_code == 200, track.text
