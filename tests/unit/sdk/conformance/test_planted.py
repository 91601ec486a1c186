"""The conformance kit finds each planted fault, says it in words, and finds nothing else."""

import asyncio

import pytest

from department_sdk.conformance import Fault, check
from department_sdk.conformance.__main__ import main
from department_sdk.conformance.participant import maker, matters_of
from tests.unit.sdk.conformance import planted

pytestmark = pytest.mark.long
MATTER = "part/utilities/manhole-cover"
HERE = "tests.unit.sdk.conformance.planted"


@pytest.mark.parametrize("name", ["good", "returning", "threaded", "Raw"])
async def test_nothing_is_found_where_all_is_right(name: str) -> None:
    subject = getattr(planted, name)
    [matter] = matters_of(subject)
    assert await check(maker(subject), matter, within=20) == []


@pytest.mark.parametrize(
    ("name", "fault", "words"),
    [
        ("without_evidence", Fault.NO_EVIDENCE, "asks for photo-after"),
        ("crashing", Fault.CRASHES, "KeyError: 'no crew' (planted.py:"),
        ("blocking", Fault.BLOCKS_LOOP, "at planted.py:"),
        ("endless", Fault.NO_OUTCOME, "within 2 s"),
        ("WithoutHeartbeat", Fault.NO_HEARTBEAT, "under a lease of 1.5 s"),
        ("DeafToWithdrawal", Fault.IGNORES_WITHDRAWAL, "still sends"),
        ("Forgetful", Fault.TWICE, "Items can come twice"),
        ("OwnIds", Fault.WRONG_ID, "mine:task:tried-1:1:accept"),
    ],
)
async def test_each_planted_fault_is_said_in_words(name: str, fault: Fault, words: str) -> None:
    within = 2 if name == "endless" else 20
    found = await check(maker(getattr(planted, name)), MATTER, within=within)
    assert {each.fault for each in found} == {fault}
    assert words in found[0].en
    assert found[0].zh


async def test_the_department_that_was_tried_is_left_as_it_was() -> None:
    before = planted.good.handlers.of(MATTER)
    await check(maker(planted.good), MATTER)
    assert planted.good.handlers.of(MATTER) is before
    assert planted.good.open_work == 0


@pytest.mark.parametrize(
    ("named", "code", "words"),
    [
        (f"{HERE}:good", 0, "conforms"),
        (f"{HERE}:without_evidence", 1, "办结时没有附证据"),
        (f"{HERE}:nobody", 2, "has no nobody"),
        ("nowhere:dept", 2, "there is no module nowhere"),
        ("nowhere", 2, "module:name"),
        (f"{HERE}:EVIDENCE", 2, "neither a Department nor a function"),
    ],
)
def test_the_command_says_what_it_found(
    named: str, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([named]) == code
    said = capsys.readouterr()
    assert words in said.out + said.err


def test_a_matter_is_tried_for_each_pattern_that_is_handled() -> None:
    assert matters_of(planted.good) == [MATTER]
    assert matters_of(planted.threaded) == ["event/appearance/x"]
    assert asyncio.iscoroutinefunction(planted.good.handlers.of(MATTER))
