"""What a running assessment reads with: one of each per process."""

from functools import cache
from importlib import resources

import yaml

from assessment.domain.formula import Formula, read_formula
from assessment.domain.period import Period, month
from assessment.domain.world import World
from assessment.views.blocks import FACTS, Blocks
from assessment.views.ledgers import Ledgers
from service_kit import clock
from service_kit.errors import Invalid, Unavailable
from service_kit.runtime import Runtime


@cache
def formula() -> Formula:
    """The formula of this version of the service."""
    text = resources.files("assessment").joinpath("formulas.yaml").read_text("utf-8")
    return read_formula(yaml.safe_load(text))


def blocks_of(runtime: Runtime) -> Blocks:
    if "blocks" not in runtime.extras:
        logs = runtime.recorder.logs(FACTS)
        runtime.extras["blocks"] = Blocks(runtime.database, logs)
    found: Blocks = runtime.extras["blocks"]
    return found


def ledgers_of(runtime: Runtime) -> Ledgers:
    if "ledgers" not in runtime.extras:
        runtime.extras["ledgers"] = Ledgers(runtime.database, blocks_of(runtime))
    found: Ledgers = runtime.extras["ledgers"]
    return found


async def period_of(runtime: Runtime, name: str) -> Period:
    """The month in the district's zone; raises Unavailable until that is known."""
    world: World = await runtime.load_world()
    if world.zone is None:
        raise Unavailable("the district has not been published yet, so its zone is not known")
    try:
        return month(name, world.zone, clock.now())
    except ValueError as error:
        raise Invalid(str(error), code="not_a_month") from None
