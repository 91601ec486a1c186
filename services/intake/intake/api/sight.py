"""Who may see a report: not whom it complains of, nor those under them (domain rule 12)."""

from collections.abc import Callable

from case_contracts.values import About
from intake.domain.world import World
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.runtime import Runtime

Hides = Callable[[About | None], bool]


async def hidden_from(runtime: Runtime, caller: Principal) -> Hides:
    """Whether what complains of somebody must look to the caller as if it did not exist."""
    world: World = await runtime.load_world()
    now = clock.now()

    def hides(about: About | None) -> bool:
        if about is None:
            return False
        return world.conflict(about, now).hides_from(caller.id, caller.department)

    return hides


async def check(runtime: Runtime, caller: Principal, about: About | None, what: str) -> None:
    """Raises NotFound, saying ``what``, where it is not the caller's to see."""
    if about is not None and (await hidden_from(runtime, caller))(about):
        raise NotFound(what)
