"""What is sent once is kept once, counted, and known again wherever it comes."""

import asyncio

from intake.domain.evidence.likeness import NEAR
from tests.integration.intake.evidence.conftest import (
    TASK,
    Reported,
    assign,
    attached,
    of_task,
    photo,
    report,
    stored_names,
)
from tests.support import evidence_files as files
from tests.support.twin import Twin, eventually


async def test_a_reporter_adds_a_photo_to_their_report(reported: Reported) -> None:
    answer = await reported.send(photo())

    assert answer.status_code == 201, answer.text
    said = answer.json()
    await eventually(lambda: attached(reported.twin))
    [event] = attached(reported.twin)
    assert said["evidence"] == event.evidence
    assert (event.report, event.case, event.taskid, event.by) == (
        reported.report, reported.case, None, None,
    )  # fmt: skip
    assert (event.kind, event.phase, event.format, event.public) == (
        "photo", "report", "image/jpeg", True,
    )  # fmt: skip
    assert event.fingerprint is not None
    assert event.same_as == ()
    assert await reported.listed() == [said]


async def test_sent_twice_it_is_one_evidence(reported: Reported) -> None:
    first = await reported.send(photo())
    again = await reported.send(photo())
    keyed = await reported.send(photo(2), key="k")
    keyed_again = await reported.send(photo(2), key="k")

    assert first.json() == again.json()
    assert keyed.json() == keyed_again.json() != first.json()
    assert len(await reported.listed()) == 2
    assert len(await stored_names(reported.twin)) == 4  # a protected and a public copy each
    assert [row async for row in reported.twin.runtime.database["media_pending"].find({})] == []


async def test_sent_many_times_at_once_it_is_one_evidence(reported: Reported) -> None:
    answers = await asyncio.gather(*(reported.send(photo(), key="k") for _ in range(4)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["evidence"] for answer in answers}) == 1
    assert len(attached(reported.twin)) == 1
    assert len(await stored_names(reported.twin)) == 2


async def test_a_key_that_came_with_another_file_is_refused(reported: Reported) -> None:
    await reported.send(photo(1), key="k")

    answer = await reported.send(photo(2), key="k")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_the_eleventh_is_refused_also_when_many_come_at_once(reported: Reported) -> None:
    tiny = [files.jpeg(files.scene(n, (64, 64))) for n in range(12)]
    await asyncio.gather(*(reported.send(each) for each in tiny[:8]))

    answers = await asyncio.gather(*(reported.send(each) for each in tiny[8:]))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "evidence_full"
    assert len(await reported.listed()) == 10
    assert len(await stored_names(reported.twin)) == 20
    assert (await reported.send(tiny[0])).status_code == 201  # what is there is there


async def test_the_same_photo_in_another_case_is_a_fact_of_the_event(intake: Twin) -> None:
    """Domain rule 7: also smaller and written anew."""
    one, other = await report(intake), await report(intake)
    picture = files.scene(5)
    await one.send(files.jpeg(picture))
    await other.send(files.jpeg(picture.resize((320, 240)), quality=60))
    await other.send(files.jpeg(picture))
    await other.send(photo(6))

    first, smaller, same, different = attached(intake)
    [seen] = smaller.same_as
    assert (seen.evidence, seen.case, seen.exact) == (first.evidence, first.case, False)
    assert 0 <= seen.distance <= NEAR
    assert {(s.evidence, s.exact) for s in same.same_as} == {
        (first.evidence, True),
        (smaller.evidence, False),
    }
    assert different.same_as == ()


async def test_of_two_that_come_at_once_one_finds_the_other(intake: Twin) -> None:
    reports = [await report(intake) for _ in range(3)]

    await asyncio.gather(*(each.send(photo()) for each in reports))

    pairs = {
        frozenset((event.evidence, seen.evidence))
        for event in attached(intake)
        for seen in event.same_as
    }
    assert len(pairs) == 3


async def test_the_same_document_is_known_again_without_a_fingerprint(intake: Twin) -> None:
    one, other = await report(intake), await report(intake)
    sent = files.pdf()

    await one.send(sent, "application/pdf")
    await other.send(sent, "application/pdf")

    assert [[s.exact for s in event.same_as] for event in attached(intake)] == [[], [True]]


async def test_before_and_after_belong_to_a_task(
    reported: Reported, gateway: dict[str, str]
) -> None:
    twin, case = reported.twin, reported.case
    await assign(twin, case)

    before = await of_task(twin, gateway, case, photo(1), phase="before", by="p-000500")
    after = await of_task(twin, gateway, case, photo(2))

    assert (before.status_code, after.status_code) == (201, 201)
    first, second = attached(twin)
    assert (first.case, first.taskid, first.phase, first.by) == (case, TASK, "before", "p-000500")
    assert (second.phase, second.by, second.report) == ("after", "service:gateway", None)
    assert [e["evidence"] for e in await reported.listed()] == [second.evidence]


async def test_a_task_that_nobody_was_given_has_no_evidence(
    reported: Reported, gateway: dict[str, str]
) -> None:
    unknown = await of_task(reported.twin, gateway, reported.case, photo())
    no_case = await of_task(reported.twin, gateway, "case:none", photo())
    no_task = await reported.twin.http.post(
        "/evidence", params={"case": reported.case}, content=photo(),
        headers={**gateway, "Content-Type": "image/jpeg"},
    )  # fmt: skip

    assert (unknown.status_code, unknown.json()["code"]) == (409, "task_not_known")
    assert no_case.status_code == 404
    assert no_task.status_code == 422
    assert attached(reported.twin) == []


async def test_who_may_not_attach(reported: Reported, reviewer: dict[str, str]) -> None:
    twin = reported.twin
    body = {"content": photo(), "headers": {"Content-Type": "image/jpeg"}}
    await assign(twin, reported.case)

    nobody = await twin.http.post("/evidence", **body)  # type: ignore[arg-type]  # httpx's own
    wrong = await Reported(twin, "", "", "2222222222222").send(photo())
    for_another = await of_task(twin, reviewer, reported.case, photo(), by="p-000001")

    assert nobody.status_code == 401
    assert wrong.status_code == 404
    assert for_another.status_code == 403
    assert attached(twin) == []
