"""What the routes of rules share: who speaks for which department, changes with their own plan."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from case_contracts.district import ChangeResult
from case_contracts.values import Ref
from registry.api.changing import change
from registry.api.schemas import Problem
from registry.commands.change import Planned
from registry.domain.plan import Published
from registry.views.known import Known
from service_kit.auth import Principal
from service_kit.errors import Forbidden, Invalid
from service_kit.http.access import needs

Version = Annotated[int | None, Query(ge=1, le=2**31, description="the newest, if it is left out")]
Proposer = Annotated[Principal, Depends(needs("registry.propose", "registry.write"))]
_REF: TypeAdapter[str] = TypeAdapter(Ref)


def conflict(codes: str) -> dict[int | str, dict[str, Any]]:
    """A 409 whose problem has one of these codes."""
    return {409: {"model": Problem, "description": codes}}


def known(request: Request) -> Known:
    found: Known = request.app.state.runtime.extras["known"]
    return found


def person_of(caller: Principal) -> str:
    """The caller's id as events may hold it; raises Forbidden."""
    try:
        return _REF.validate_python(caller.id)
    except ValidationError:
        raise Forbidden("the token's subject is no id that can be recorded") from None


def department_of(caller: Principal, given: str | None) -> str:
    """For which department the caller speaks: its staff for their own, operators for any.

    Raises Forbidden, or Invalid where an operator names none.
    """
    if caller.may("registry.write"):
        if given is None:
            raise Invalid("department: say which one")
        return given
    if not caller.department:
        raise Forbidden("this token belongs to no department's staff")
    if given not in (None, caller.department):
        raise Forbidden(f"you speak for {caller.department}, not for {given}")
    return caller.department


async def change_planned(
    request: Request, caller: Principal, body: BaseModel, plan: Callable[[Published], Planned], *,
    kinds: Iterable[str], **more: Any,
) -> ChangeResult:  # fmt: skip
    """A change planned by ``plan`` on what stands of ``kinds``, in a thread of its own."""
    read = known(request)

    async def plans() -> Planned:
        return await asyncio.to_thread(plan, await read.read(kinds))

    return await change(request, caller, body, plans, **more)
