"""How the played people behave: shares and delays, from a small file."""

from pathlib import Path
from random import Random

import yaml
from pydantic import ValidationError

from civicgrid.local import LocalError
from civicgrid.replay.habits import (
    Advising,
    Answering,
    Approving,
    Departments,
    Habit,
    Handling,
    Judging,
    Mediating,
    Part,
    Pressing,
    Rating,
    Responding,
    Serving,
    Supervising,
    Verifying,
)


class Scenario(Part):
    """The same seed gives the same people the same habits in the same cases. ``departments`` says
    how reference departments behave, where no files of theirs do. ``steady``: what becomes of a
    case does not depend on others, nor on how often its task lapsed, so that two runs can be
    compared case by case."""

    seed: int = 1
    steady: bool = False
    verifiers: Verifying = Verifying()
    handlers: Handling = Handling()
    mediators: Mediating = Mediating()
    services: Serving = Serving()
    inquiries: Advising = Advising()
    placers: Habit = Habit()
    supervisors: Supervising = Supervising()
    pressing: Pressing = Pressing()
    arbiters: Judging = Judging()
    approvers: Approving = Approving()
    slips: Answering = Answering()
    answers: Answering = Answering()
    emergencies: Responding = Responding()
    reviewers: Habit = Habit()
    reporters: Rating = Rating()
    departments: Departments | None = None

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
