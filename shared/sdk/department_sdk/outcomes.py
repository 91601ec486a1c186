"""What a handler answers: how its work on a task, or in an operation, has ended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Completed:
    """The work is done; ``evidence`` refers to what shows it, as the task asks for."""

    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Returned:
    """Not ours: ``reason`` is a code such as ``not_ours``, ``proposed`` another department."""

    reason: str
    proposed: str | None = None


@dataclass(frozen=True)
class NeedHelp:
    """Blow the whistle (吹哨): other departments are called, we lead. The task ends when the
    lead has signed off."""

    units: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Declined:
    """We do not come to an operation; ``reason`` is a code."""

    reason: str


Outcome = Completed | Returned | NeedHelp
