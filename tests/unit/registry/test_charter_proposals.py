"""Four eyes: who may approve what, and what comes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CharterApproved,
    CharterGranted,
    CharterProposed,
    CharterRevoked,
)
from registry.domain.chartering.proposals import approval, next_version, proposals, rejection
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from service_kit.errors import CivicError, NotFound, Refused

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=5)


def proposed(version: int = 1, **more: Any) -> CharterProposed:
    said = {"version": version, "proposed_by": "p-0", "valid_from": None, **more}
    return CharterProposed.model_validate(CharterProposed.EXAMPLE | said)


def refused(code: str, act: Any, *arguments: Any) -> None:
    with pytest.raises(Refused) as raised:
        act(*arguments)
    assert raised.value.code == code


def test_two_people_who_did_not_propose_it_make_it_a_grant() -> None:
    said: list[EventData] = [proposed()]
    said += approval(said, 1, "p-1", NOW)
    assert standing(KINDS["charter"], said) == []
    approved, granted = approval(said, 1, "p-2", NOW)
    assert isinstance(approved, CharterApproved)
    assert isinstance(granted, CharterGranted)
    assert (granted.approved_by, granted.valid_from) == (("p-1", "p-2"), NOW)


def test_one_persons_two_approvals_or_the_proposers_are_none() -> None:
    said: list[EventData] = [proposed()]
    refused("own_proposal", approval, said, 1, "p-0", NOW)
    said += approval(said, 1, "p-1", NOW)
    refused("approved_already", approval, said, 1, "p-1", NOW)
    refused("own_proposal", approval, said, 1, "p-0", NOW)


def test_what_is_rejected_withdrawn_or_granted_is_over() -> None:
    for person, state in (("p-1", "rejected"), ("p-0", "withdrawn")):
        said: list[EventData] = [proposed()]
        said.append(rejection(said, 1, person))
        assert proposals(said)[1].state == state
        refused("not_pending", approval, said, 1, "p-2", NOW)
        refused("not_pending", rejection, said, 1, "p-2")
        assert next_version(said) == 2
    said = [proposed()]
    for person in ("p-1", "p-2"):
        said += approval(said, 1, person, NOW)
    assert proposals(said)[1].state == "granted"
    refused("not_pending", approval, said, 1, "p-3", NOW)
    refused("not_pending", rejection, said, 1, "p-0")


def test_it_takes_effect_at_the_approval_or_later_never_before() -> None:
    for since, expected in ((NOW - timedelta(days=9), NOW), (LATER, LATER), (None, NOW)):
        said: list[EventData] = [proposed(valid_from=since)]
        said += approval(said, 1, "p-1", NOW - timedelta(days=1))
        granted = approval(said, 1, "p-2", NOW)[-1]
        assert isinstance(granted, CharterGranted)
        assert granted.valid_from == expected


def test_one_version_waits_at_a_time_and_numbers_are_not_used_twice() -> None:
    said: list[EventData] = [proposed()]
    refused("pending", next_version, said)
    said.append(rejection(said, 1, "p-1"))
    said.append(proposed(2))
    refused("pending", next_version, said)


def test_a_proposal_that_was_overtaken_by_a_load_or_by_time_is_not_granted() -> None:
    example = CharterGranted.EXAMPLE | {"version": 3}
    refused("not_pending", approval,
            [proposed(2), CharterGranted.model_validate(example)], 2, "p-1", NOW)  # fmt: skip
    refused("over_already", approval, [proposed(valid_to=NOW)], 1, "p-1", NOW)
    with pytest.raises(NotFound):
        approval([proposed()], 2, "p-1", NOW)


ACTS = st.tuples(
    st.sampled_from(["propose", "approve", "reject", "revoke"]),
    st.sampled_from(["p-0", "p-1", "p-2", "p-3"]),
    st.integers(1, 3),
)


@settings(deadline=None)
@given(st.lists(ACTS, max_size=25))
def test_whatever_is_tried_every_grant_has_two_others_behind_it(
    tried: list[tuple[str, str, int]],
) -> None:
    said: list[EventData] = []
    for n, (act, person, version) in enumerate(tried):
        now = NOW + timedelta(hours=n)
        try:
            if act == "propose":
                said.append(proposed(next_version(said), proposed_by=person))
            elif act == "approve":
                said += approval(said, version, person, now)
            elif act == "reject":
                said.append(rejection(said, version, person))
            elif standing(KINDS["charter"], said):
                said.append(
                    CharterRevoked(charter="c", version=version, department="d", valid_to=now)
                )
        except CivicError:
            continue
    for granted in (e for e in said if isinstance(e, CharterGranted)):
        proposer = proposals(said)[granted.version].wanted.proposed_by
        assert len({*granted.approved_by} - {proposer}) == 2
    numbers = [e.version for e in said if isinstance(e, CharterProposed)]
    assert numbers == sorted(set(numbers))
    assert sum(p.pending for p in proposals(said).values()) <= 1
