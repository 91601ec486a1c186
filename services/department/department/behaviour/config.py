"""The file that makes a reference department: which matters, how long, how well."""

from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from case_contracts.values import Limit

ANY = "*"
Share = Annotated[float, Field(ge=0, le=1)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]


class BadConfig(Exception):
    """The file is refused; the text says where and what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Part):
    """A span that is drawn evenly between two ends."""

    least: Annotated[float, Field(gt=0)]
    most: Annotated[float, Field(gt=0)]

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, value: object) -> object:
        if isinstance(value, list) and len(value) == 2:
            return {"least": value[0], "most": value[1]}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"[{self.least:g}, {self.most:g}]: write the smaller number first")
        return self


class Late(_Part):
    """So many tasks take ``of_limit`` times their limit, if that is at most so many minutes."""

    share: Share
    of_limit: Span
    at_most_minutes: Annotated[float, Field(gt=0)]


class ReturnedPart(_Part):
    """``again`` is the share of tasks that come from somebody else and are returned too."""

    share: Share
    again: Share | None = None
    reason: Code = "not_ours"
    proposed: str | None = None

    def share_of(self, assignment: int) -> float:
        return self.share if assignment == 1 or self.again is None else self.again


class PauseAsked(_Part):
    """So many tasks need time to stand still, for so many minutes of domain time."""

    share: Share
    minutes: Span
    reason: Code = "needs_approval"


class ExtensionAsked(_Part):
    """So many tasks need so much more time; work goes on for so many minutes at least after the
    request was taken, so that it can be decided."""

    share: Share
    limit: Limit
    decided_minutes: Annotated[float, Field(ge=0)] = 0
    reason: Code = "parts_ordered"


class Help(_Part):
    share: Share
    units: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: Code = "needs_other_powers"


class Behaviour(_Part):
    """For matters like ``part/drainage/*``: minutes of work in domain time, and what share of
    tasks is late, returned, needs help, more time, or is never even accepted (``ignored``)."""

    matters: Annotated[tuple[str, ...], Field(min_length=1)]
    minutes: Span
    late: Late | None = None
    returned: ReturnedPart | None = None
    help: Help | None = None
    pause: PauseAsked | None = None
    extension: ExtensionAsked | None = None
    ignored: Share = 0.0
    evidence: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        back, called = self.returned, self.help
        returned = max(back.share, back.again or 0) if back is not None else 0
        if self.ignored + returned + (called.share if called is not None else 0) > 1:
            raise ValueError("ignored, returned and help are more than all tasks together")
        return self


class Operations(_Part):
    """As a called unit: minutes on the way and on the spot; a share of calls is declined."""

    travel: Span = Span(least=10, most=25)
    work: Span = Span(least=15, most=60)
    declined: Share = 0.0


class DepartmentConfig(_Part):
    """``department`` is an id, or ``*`` for every one that no other file names. ``steady``: what
    becomes of a task depends on its matter, condition and grid, so that one that lapsed ends as it
    would have ended, in every run; only whether it is ignored is drawn for each assignment."""

    department: Annotated[str, Field(pattern=r"^([a-z0-9-]{1,60}|\*)$")]
    seed: int = 0
    steady: bool = False
    behaviours: Annotated[tuple[Behaviour, ...], Field(min_length=1)]
    operations: Operations = Operations()


def load(path: Path) -> DepartmentConfig:
    """Read one file; raises BadConfig."""
    try:
        return DepartmentConfig.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise BadConfig(f"{path}: not YAML: {error}") from None
    except ValidationError as error:
        wrong = [".".join(map(str, e["loc"])) + ": " + e["msg"] for e in error.errors()]
        raise BadConfig(f"{path}: " + "; ".join(wrong)) from None


def load_all(places: str) -> list[DepartmentConfig]:
    """Files and folders of ``*.yaml``, separated by commas; raises BadConfig."""
    paths: list[Path] = []
    for place in filter(None, (each.strip() for each in places.split(","))):
        path = Path(place)
        paths += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not paths:
        raise BadConfig(f"CIVICGRID_DEPARTMENT_CONFIG={places!r} names no *.yaml file")
    configs = [load(path) for path in paths]
    names = [config.department for config in configs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadConfig(f"two files are about the same department: {', '.join(twice)}")
    return configs


def config_of(department: str, configs: list[DepartmentConfig]) -> DepartmentConfig | None:
    """The department's own file, else the one for any; None where there is neither."""
    by_name = {config.department: config for config in configs}
    return by_name.get(department) or by_name.get(ANY)
