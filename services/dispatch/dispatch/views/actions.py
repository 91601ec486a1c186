"""What can be done with a case now, by whom, and why the rest cannot."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from case_contracts.values import Party, Text
from dispatch.domain.machine import Why, hindrances
from dispatch.domain.state import CaseState
from dispatch.domain.step import Step, Who, text
from dispatch.domain.whose import LABELS, Caller, may, parties
from dispatch.domain.world import World

NOT_YOURS = Why("not_yours", text("这一步不归您", "this step is not yours to take"))


class Cause(BaseModel):
    """Why a step is not possible."""

    code: str
    label: Text


class Owner(BaseModel):
    """Whose step it is; ``parties`` names them where the case does."""

    who: Who
    label: Text
    parties: tuple[Party, ...]


class Action(BaseModel):
    """One step. ``possible``: the caller can take it now; else ``why`` says everything that
    stands against it. ``yours`` says whether it is the caller's at all."""

    step: str
    label: Text
    possible: bool
    yours: bool
    why: list[Cause]
    whose: list[Owner]


def actions(
    steps: Sequence[Step], state: CaseState, world: World, now: datetime, caller: Caller
) -> list[Action]:
    """Every step of the machine, those that the caller can take first."""
    found = [_action(step, state, world, now, caller) for step in steps]
    return sorted(found, key=lambda each: (not each.possible, not each.yours))


def _action(step: Step, state: CaseState, world: World, now: datetime, caller: Caller) -> Action:
    yours = any(may(who, state, world, now, caller) for who in step.who)
    against = hindrances(step, state, world, now) + ([] if yours else [NOT_YOURS])
    return Action(
        step=step.name,
        label=step.label,
        possible=not against,
        yours=yours,
        why=[Cause(code=why.code, label=why.label) for why in against],
        whose=[
            Owner(who=who, label=LABELS[who], parties=parties(who, state))
            for who in sorted(step.who)
        ],
    )
