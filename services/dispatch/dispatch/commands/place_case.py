"""A person says in which grid an unlocated case lies; then it is handed over like any other."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from dispatch.commands.open_case import hand_over
from dispatch.domain.evolve import evolve
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, Step, Who, text
from dispatch.domain.succession import ENDED
from dispatch.domain.world import World
from service_kit.errors import Invalid, NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class PlaceCase:
    person: str
    grid: str


STEP = Step(
    "place_case",
    text("定位", "say where it lies"),
    sources=frozenset({Status.UNPLACED}),
    targets=frozenset({Status.ASSIGNED}),
    who=frozenset({Who.PLACER}),
    clocks=ASSIGNS,
    code="already_placed",
)


def decide(state: CaseState, command: PlaceCase, context: Context) -> Decision:
    world: World = context.world
    if state.placer is None or state.placer.person != command.person:
        raise NotFound(f"case {state.case} does not wait for you to place it")
    if not world.postings.holds(state.placer, context.now):
        raise Refused("your post in that grid has ended", code=ENDED)
    path = world.paths.get(command.grid)
    if path is None:
        raise Invalid(f"there is no grid {command.grid}", code="unknown_grid")
    placed = events.CasePlaced(
        case=state.case,
        grid=command.grid,
        grid_path=path,
        by=command.person,
        placed_at=context.now,
    )
    return [placed, *hand_over(evolve(state, placed), world, context)]
