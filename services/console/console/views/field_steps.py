"""From the form of a step to what dispatch is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from console.views.field_told import Case

Step = Literal["take", "complete", "return", "extension", "verify", "place"]
PHOTO: frozenset[Step] = frozenset({"complete", "verify"})
"""Steps that can bring a photo of the finished work."""
RETURNS = ("not_ours", "no_power", "not_there", "needs_others")
WAITS = ("weather", "material", "needs_others", "no_access")
FAILS = ("not_done", "partly_done", "other_place", "came_back")
"""Reasons that the forms offer, as codes; they have labels ``field.reason.*``."""
MOST_HOURS = 200


@dataclass(frozen=True)
class Told:
    """``route`` is the last part of dispatch's route."""

    route: str
    body: dict[str, Any]


def told(step: Step, form: Mapping[str, str], case: Case, evidence: Sequence[str]) -> Told:
    """Raises ValueError for a form that says too little."""
    if step == "take":
        return Told("take", {})
    if step == "complete":
        if case.task is None:
            raise ValueError("there is no task")
        body: dict[str, Any] = {"taskid": case.task.id, "evidence": list(evidence)}
        return Told("completion", body | _words(form, "answer"))
    if step == "return":
        named = {"proposed": form["proposed"]} if form.get("proposed") else {}
        body = {"reason": _one_of(form.get("reason"), RETURNS), **named}
        return Told("return", body | _words(form, "statement"))
    if step == "extension":
        limit: dict[str, Any] = {"amount": _hours(form.get("hours", "")), "unit": "working_hours"}
        body = {"reason": _one_of(form.get("reason"), WAITS), "limit": limit}
        return Told("relief", body | _words(form, "statement"))
    if step == "verify":
        return Told("verification", _verified(form, evidence))
    return Told("place", {"grid": _said(form, "grid")})


def _verified(form: Mapping[str, str], evidence: Sequence[str]) -> dict[str, Any]:
    passed = _one_of(form.get("passed"), ("yes", "no")) == "yes"
    body: dict[str, Any] = {"passed": passed, "evidence": list(evidence)}
    if passed:
        return body | {"confirms": form.get("confirms") == "yes"}
    return body | {"reason": _one_of(form.get("reason"), FAILS)}


def _words(form: Mapping[str, str], name: str) -> dict[str, str]:
    return {name: said} if (said := form.get(name, "").strip()) else {}


def _said(form: Mapping[str, str], name: str) -> str:
    if not (said := form.get(name, "").strip()):
        raise ValueError(f"{name} is missing")
    return said


def _one_of(said: str | None, known: Sequence[str]) -> str:
    if said is None or said not in known:
        raise ValueError("one of those that are offered is to be chosen")
    return said


def _hours(said: str) -> int:
    hours = int(said)
    if not 0 < hours <= MOST_HOURS:
        raise ValueError("so many working hours cannot be asked for")
    return hours
