"""The matters of the standard in force, as services."""

from typing import Any

from case_contracts.events.registry import Condition, StandardMatter
from intake.api.open311.asking import Asking
from intake.domain import open311_labels as labels
from intake.domain.open311 import OTHER, UNSURE, must_say_condition, service_code
from service_kit import clock
from service_kit.errors import NotFound

CONDITION, LIMITS = "condition", "limits"


def matters(asking: Asking) -> dict[str, StandardMatter]:
    """The matters that can be reported now, by their service's code."""
    standard = asking.world.standard_at(clock.now())
    return {service_code(code): matter for code, matter in standard.matters.items()}


def service_list(asking: Asking) -> list[dict[str, Any]]:
    """Every matter, and the service for whoever cannot say which."""
    return [*(_service(asking, matter) for matter in matters(asking).values()), _other(asking)]


def _service(asking: Asking, matter: StandardMatter) -> dict[str, Any]:
    """``batch`` where a person may have to decide first: a token is then given, not an id."""
    names = labels.listed((asking.label(c.name) for c in matter.conditions), asking.language)
    return {
        "service_code": service_code(matter.code),
        "service_name": asking.label(matter.name),
        "description": asking.label(labels.CONDITIONS) + names,
        "metadata": len(matter.conditions) > 1,
        "type": "batch" if must_say_condition(matter) else "realtime",
        "keywords": ", ".join(part.replace("-", " ") for part in matter.code.split("/")),
        "group": asking.label(labels.CLASSES[matter.matter_class]),
    }


def _other(asking: Asking) -> dict[str, Any]:
    return {
        "service_code": OTHER,
        "service_name": asking.label(labels.OTHER_NAME),
        "description": asking.label(labels.OTHER_DESCRIPTION),
        "metadata": False,
        "type": "batch",
        "keywords": "other",
        "group": asking.label(labels.OTHER_GROUP),
    }


def definition(asking: Asking, code: str) -> dict[str, Any]:
    """What else can be said about a service; raises NotFound for a code that is none."""
    if code == OTHER:
        return {"service_code": code, "attributes": []}
    matter = matters(asking).get(code)
    if matter is None:
        raise NotFound("service_code was not found: GET services lists those there are")
    attributes = [_condition(asking, matter)] if len(matter.conditions) > 1 else []
    limits = _limits(asking, matter)
    if limits is not None:
        attributes.append({**limits, "order": len(attributes) + 1})
    return {"service_code": code, "attributes": attributes}


def _condition(asking: Asking, matter: StandardMatter) -> dict[str, Any]:
    """Needed where the standard has no default; who cannot say it says so."""
    required = must_say_condition(matter)
    values = [_value(asking, condition) for condition in matter.conditions]
    if required:
        values.append({"key": UNSURE, "name": asking.label(labels.UNSURE_NAME)})
    return {
        "variable": True,
        "code": CONDITION,
        "datatype": "singlevaluelist",
        "required": required,
        "datatype_description": asking.label(labels.CONDITION_KIND),
        "order": 1,
        "description": asking.label(labels.CONDITION),
        "values": values,
    }


def _value(asking: Asking, condition: Condition) -> dict[str, str]:
    return {"key": condition.code, "name": asking.label(condition.name)}


def _limits(asking: Asking, matter: StandardMatter) -> dict[str, Any] | None:
    """Only to be read: within what time each condition is to be dealt with."""
    named = [
        f"{asking.label(condition.name)} {limit}"
        for condition in matter.conditions
        if (limit := labels.limit_of(condition, asking.language)) is not None
    ]
    if not named:
        return None
    return {
        "variable": False,
        "code": LIMITS,
        "datatype": "text",
        "required": False,
        "datatype_description": None,
        "order": 1,
        "description": asking.label(labels.LIMITS) + labels.listed(named, asking.language),
        "values": [],
    }
