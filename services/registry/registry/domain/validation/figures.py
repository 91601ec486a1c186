"""What the district says of its grids: how their codes look, how many households they have."""

import re
from collections.abc import Iterator

from case_contracts.events.registry import DistrictPublished, GridPublished
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings

PARENT = "{parent}"
"""In a level's expression: the code of the grid's parent."""
LONGEST = 200
_OPEN = re.compile(r"[*+?]|\{\d*,\d*\}")
_REPEATED_GROUP = re.compile(r"\)\s*[*+?{]")
MOST_OPEN = 3


def check_figures(draft: Draft, findings: Findings) -> None:
    """Codes that do not fit their level (errors), households out of the range (warnings)."""
    if draft.head is None:
        return
    head = draft.head.data
    wrong = dict(_unusable(head))
    for level, why in wrong.items():
        findings.error("codes_invalid", draft.head.origin.at(("codes", level)),
                       f"codes.{level}: {why}",
                       f"write a regular expression such as {PARENT}[0-9]{{3}}")  # fmt: skip
    for grid in draft.grids:
        pattern = head.codes.get(grid.data.level)
        if pattern is not None and grid.data.level not in wrong:
            _check_code(grid, pattern, findings)
        _check_households(grid, head, findings)


def _unusable(head: DistrictPublished) -> Iterator[tuple[str, str]]:
    """Levels whose expression cannot be used, or could take for ever on a long code."""
    for level, pattern in head.codes.items():
        if level not in head.levels:
            yield level, "it is none of the levels"
        elif len(pattern) > LONGEST:
            yield level, f"it is longer than {LONGEST} characters"
        elif len(_OPEN.findall(pattern)) > MOST_OPEN or _REPEATED_GROUP.search(pattern):
            yield level, "it repeats too much: groups are not repeated, and at most three parts"
        else:
            try:
                re.compile(pattern.replace(PARENT, ""))
            except re.error as error:
                yield level, f"it is no regular expression: {error}"


def _check_code(grid: Placed[GridPublished], pattern: str, findings: Findings) -> None:
    code, level, parent = grid.data.grid, grid.data.level, grid.data.parent or ""
    if re.fullmatch(pattern.replace(PARENT, re.escape(parent)), code):
        return
    said = f"grid {code} ({len(code)} characters) does not fit the codes of {level}: {pattern}"
    if pattern.startswith(PARENT) and not code.startswith(parent):
        said = f"grid {code} does not begin with the code of its parent, {parent}"
    findings.error("code_invalid", grid.origin.at(("grid",)), said,
                   "correct the code or the parent; the scheme is `codes` in district.yaml",
                   code)  # fmt: skip


def _check_households(
    grid: Placed[GridPublished], head: DistrictPublished, findings: Findings
) -> None:
    wanted, count = head.households.get(grid.data.level), grid.data.households
    if wanted is None or count is None or wanted.least <= count <= wanted.most:
        return
    too = "few" if count < wanted.least else "many"
    findings.warn("households_outside", grid.origin.at(("households",)),
                  f"grid {grid.data.grid} has {count} households, too {too}: a {grid.data.level}"
                  f" has {wanted.least} to {wanted.most}",
                  "merge it with a neighbour" if too == "few" else "split it",
                  grid.data.grid)  # fmt: skip
