"""The sample's rules for intake."""

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
