"""One change that two processes make at the same time, each planning it on its own: it is made
once, as it was decided, and nothing of it is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from case_contracts.events.registry import ChangeApplied, DepartmentRegistered
from registry.adapters.plans import Plan, Plans
from registry.commands.change import Changes, Planned, Wanted
from registry.domain.step import Step, digest
from service_kit.store.model import Actor
from tests.integration.registry.conftest import Start
from tests.support.twin import Twin

CHANGE, CAUSE = "change:c-1", "c-1"
ACTOR = Actor("p-1", "staff")


def step(name: str) -> Step:
    said = {**DepartmentRegistered.EXAMPLE, "department": "roads", "name": {"zh": name, "en": name}}
    return Step("department:roads", (DepartmentRegistered.model_validate(said),))


def planned(name: str) -> Planned:
    return Planned([step(name)], {"said": name})


def plan(name: str) -> Plan:
    steps = (step(name),)
    of = digest(each.plain() for each in steps)
    return Plan(CHANGE, of, steps, ACTOR, CAUSE, None, {"said": name})


def wanted(name: str, first: Callable[[], Awaitable[Any]] | None = None) -> Wanted:
    """A request that comes to registering roads under this name; ``first`` happens while it is
    being planned."""

    async def planning() -> Planned:
        if first is not None:
            await first()
        return planned(name)

    return Wanted(kind="department", about=("roads",), cause=CAUSE, actor=ACTOR, plan=planning)


def changes_of(twin: Twin) -> Changes:
    found: Changes = twin.runtime.extras["changes"]
    return found


def registered(*twins: Twin) -> list[str]:
    return [e.name.en for twin in twins for e in twin.published(DepartmentRegistered)]


async def test_whoever_plans_what_another_has_decided_gets_the_others_answer(start: Start) -> None:
    async with start() as one, start() as other:
        late = wanted("late", lambda: changes_of(one).make(wanted("first")))
        assert await changes_of(other).make(late) == {"said": "first"}
        assert await changes_of(other).make(wanted("again")) == {"said": "first"}
        assert registered(one, other) == ["first"]
        assert (await changes_of(one).state()).open is None


async def test_a_plan_of_another_process_does_not_take_the_place_of_what_was_decided(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other keeps its plan when this one has decided and not yet said anything."""
    async with start() as one, start() as other:
        find = Plans.find

        async def keep_and_find(self: Plans, change: str, *decided: str) -> Plan | None:
            await Plans(other.runtime.database).keep(plan("late"))
            return await find(self, change, *decided)

        monkeypatch.setattr(Plans, "find", keep_and_find)
        assert await changes_of(one).make(wanted("first")) == {"said": "first"}
        assert registered(one, other) == ["first"]
        assert len(one.published(ChangeApplied)) == 1


async def test_at_once_it_is_made_once_and_both_get_the_same_answer(start: Start) -> None:
    async with start() as one, start() as other:
        both = (changes_of(one).make(wanted("one")), changes_of(other).make(wanted("other")))
        answers = await asyncio.gather(*both)
        assert answers[0] == answers[1]
        assert registered(one, other) == [answers[0]["said"]]


async def test_steps_that_are_not_as_they_were_decided_are_not_taken_for_applied(
    start: Start,
) -> None:
    async with start() as one:
        plans = Plans(one.runtime.database)
        kept = plan("first")
        await plans.keep(kept)
        assert await plans.find(CHANGE, kept.digest) == kept
        await plans.forget_steps(CHANGE)
        assert await plans.find(CHANGE, kept.digest) is None
        assert await plans.answer(CHANGE, kept.digest) == {"said": "first"}
