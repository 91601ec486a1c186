"""Who may see a case: not whom it complains of, nor those under them (domain rule 12)."""

from collections.abc import Callable

from case_contracts.values import About
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from dispatch.views import cases
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.mongo import Document
from service_kit.runtime import Runtime

Sees = Callable[[Document], bool]


async def seen_by(runtime: Runtime, caller: Principal) -> Sees:
    """Whether the caller may see a row of the view that has its ``state.about``."""
    world: World = await runtime.load_world()

    def sees(row: Document) -> bool:
        about = row["state"].get("about")
        return about is None or not _hidden(About.model_validate(about), caller, world)

    return sees


async def find(runtime: Runtime, case: str, caller: Principal) -> CaseState:
    """The case; raises NotFound where there is none, and just so where it is not theirs to see."""
    state = await cases.find(runtime.database, case)
    if state.about is not None and _hidden(state.about, caller, await runtime.load_world()):
        raise NotFound(f"there is no case {case}")
    return state


def _hidden(about: About, caller: Principal, world: World) -> bool:
    return world.conflict(about, clock.now()).hides_from(caller.id, caller.department)
