"""What the caller can do with a case, and taking an emergency."""

from typing import Any

from fastapi import APIRouter, Request

from dispatch.api.callers import Reader, Worker
from dispatch.api.doing import Body, Key, do
from dispatch.commands.aggregate import EVERY
from dispatch.commands.take import Take
from dispatch.domain.whose import Caller
from dispatch.views import sight
from dispatch.views.actions import Action, actions
from service_kit import clock

router = APIRouter(prefix="/cases/{case}", tags=["cases"])


@router.get("/actions")
async def show_actions(request: Request, case: str, caller: Reader) -> list[Action]:
    """Every step of the state machine: whether the caller can take it now, and why not."""
    runtime = request.app.state.runtime
    state = await sight.find(runtime, case, caller)
    asks = Caller(caller.id, caller.department, caller.scopes)
    return actions(EVERY, state, await runtime.load_world(), clock.now(), asks)


class Taking(Body):
    """Nothing is to be said."""


@router.post("/take")
async def take(
    request: Request, case: str, body: Taking, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """A post on duty that an emergency was told to takes its task: the first one handles it."""
    return await do(request, case, "dispatch.take", Take(caller.id), caller, body, key)
