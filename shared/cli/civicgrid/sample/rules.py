"""The sample's rules for intake and for supervision."""

from typing import Any

_HOTLINE = {
    "zh": "请拨打12345政务服务便民热线，由其转送有管辖权的区县。",
    "en": "Please call 12345, the city's hotline; it knows which district is in charge.",
}
_ELSEWHERE = {
    "zh": "该事项不在网格受理范围内，请拨打12345政务服务便民热线咨询。",
    "en": "The grids do not deal with this matter; please ask 12345, the city's hotline.",
}
RULES: dict[str, Any] = {
    # The invented reports are spread at random: near each other they are still other problems.
    "duplicates": [],
    "referrals": [
        {"reasons": ["outside_district"], "turn_to": _HOTLINE},
        {"reasons": ["not_in_standard", "out_of_scope"], "turn_to": _ELSEWHERE},
    ],
    "desk": None,
    "triage_hours": 4,
}


def _limit(amount: int, unit: str) -> dict[str, Any]:
    return {"amount": amount, "unit": unit}


def _slip(trigger: str, colour: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {"trigger": trigger, "colour": colour, "matters": ["*"], "answer": answer}


SUPERVISION_RULES: dict[str, Any] = {
    "slips": [
        _slip("near_due", "blue", _limit(1, "working_days")),
        _slip("overdue", "yellow", _limit(1, "working_days")),
        _slip("twice_overdue", "orange", _limit(4, "working_hours")),
        _slip("third_breach", "red", _limit(4, "working_hours")),
        _slip("public_safety", "red", _limit(2, "hours")),
    ],
    "escalate": ["twice_overdue", "slip_overdue"],
    "levels": [{"matters": ["dispute/*"], "level": "community"}],
    "near_share": 0.25,
    "pauses": {"times": 2, "longest": _limit(10, "working_days")},
    "extensions": {"times": 1, "longest": _limit(5, "working_days")},
    "dispatch_limit": _limit(2, "working_hours"),
    "answer_limit": _limit(1, "working_days"),
    "ruling_limit": _limit(2, "working_days"),
    "arbiter": None,
    "spot_checkers": [],
}
