"""How the played people behave: shares and delays, from a small file."""

from pathlib import Path
from random import Random
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from civicgrid.local import LocalError

Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[float, Field(ge=0, le=100_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Habit(_Part):
    """After how many minutes of domain time, from the first to the second, somebody acts, and
    the share of cases in which they never do."""

    delay_minutes: tuple[Minutes, Minutes] = (0, 0)
    never: Share = 0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.delay_minutes[0] > self.delay_minutes[1]:
            raise ValueError("delay_minutes: the shorter delay comes first")
        return self

    def delay(self, random: Random) -> float | None:
        """Minutes until the act, or None for never."""
        return None if random.random() < self.never else random.uniform(*self.delay_minutes)


class Verifying(Habit):
    """Those who check others' work; ``fail`` is the share sent back in the first round."""

    fail: Share = 0


class Rating(Habit):
    """Reporters: ``rate`` of them answer, ``dissent`` of those say that it is not solved."""

    rate: Share = 0
    dissent: Share = 0


class Scenario(_Part):
    """The same seed gives the same people the same habits in the same cases."""

    seed: int = 1
    verifiers: Verifying = Verifying()
    handlers: Habit = Habit()
    placers: Habit = Habit()
    supervisors: Habit = Habit()
    reviewers: Habit = Habit()
    reporters: Rating = Rating()

    def random(self, *about: object) -> Random:
        """Chance that depends on nothing but the seed and what it is about."""
        return Random(f"{self.seed}:{':'.join(map(str, about))}")


def read_scenario(path: Path) -> Scenario:
    """Raises LocalError naming file and key."""
    try:
        return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise LocalError(f"{path}: {error.strerror}", "give a scenario file, or none") from None
    except yaml.YAMLError as error:
        raise LocalError(f"{path}: {error}", "see deploy/scenarios/demo.yaml") from None
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise LocalError(f"{path}: {said}", "see deploy/scenarios/demo.yaml") from None
