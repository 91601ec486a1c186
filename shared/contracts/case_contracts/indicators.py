"""The indicators that assessment measures by default, as others may refer to them.

All are shares between 0 and 1. Assessment's ``formulas.yaml`` says how each is counted; a test
holds the two together.
"""

from case_contracts.values import Text

INDICATORS: dict[str, Text] = {
    "handled": Text(zh="处置率", en="Handled"),
    "on_time": Text(zh="按期处置率", en="Handled on time"),
    "closed": Text(zh="结案率", en="Closed"),
    "routed_right": Text(zh="准确派遣率", en="Routed right"),
    "rework": Text(zh="返工率", en="Rework"),
    "found_first": Text(zh="自主发现率", en="Found first"),
}
