"""Contact groups: 10 to 30 households of a grid, visited by somebody who has a post there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from case_contracts.events.registry import ContactGroupFormed, GridPublished
from registry.domain.kinds import ends, starts
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings
from service_kit.validity import gaps

Group = Placed[ContactGroupFormed]
LEAST, MOST = 10, 30


def check_contact_groups(draft: Draft, findings: Findings) -> None:
    """Size, the grid's households, and the contact's post in that grid or above it."""
    by_grid: dict[str, list[Group]] = defaultdict(list)
    for group in draft.contact_groups:
        by_grid[group.data.grid].append(group)
        _check_size(group, findings)
    grids = [grid for grid in draft.grids if grid.data.grid in by_grid]
    for grid in grids:
        _check_households(grid, by_grid[grid.data.grid], findings)
    above = {grid.data.grid: {grid.data.grid, *grid.data.path} for grid in grids}
    for code, ground in above.items():
        for group in by_grid[code]:
            _check_post(group, ground, draft, findings)


def _check_size(group: Group, findings: Findings) -> None:
    if not LEAST <= group.data.households <= MOST:
        findings.warn("group_size", group.origin.at(("households",)),
                      f"{group.data.group} has {group.data.households} households;"
                      f" a contact group has {LEAST} to {MOST}",
                      "divide it, or join it with another")  # fmt: skip


def _check_households(
    grid: Placed[GridPublished], groups: Sequence[Group], findings: Findings
) -> None:
    most = grid.data.households
    if most is None:
        return
    meeting = [g for g in groups if starts(g.data) < ends(grid.data)
               and starts(grid.data) < ends(g.data)]  # fmt: skip
    for group in meeting:
        if group.data.households > most:
            findings.error("group_exceeds_grid", group.origin.at(("households",)),
                           f"{group.data.group} has {group.data.households} households, but grid"
                           f" {grid.data.grid} has {most}",
                           "correct one of the two")  # fmt: skip
    when, together = _most_at_once(meeting)
    if together > most and when is not None and len(meeting) > 1:
        findings.warn("groups_exceed_grid", grid.origin,
                      f"grid {grid.data.grid} has {most} households, but its contact groups have"
                      f" {together} from {when.isoformat()} on",
                      "some households are counted twice, or a number is wrong")  # fmt: skip


def _most_at_once(groups: Sequence[Group]) -> tuple[datetime | None, int]:
    sums = {
        starts(g.data): sum(
            o.data.households for o in groups if starts(o.data) <= starts(g.data) < ends(o.data)
        )
        for g in groups
    }
    return max(sums.items(), key=lambda row: row[1], default=(None, 0))


def _check_post(group: Group, ground: set[str], draft: Draft, findings: Findings) -> None:
    data = group.data
    left = gaps(starts(data), ends(data), _posted(data.person, ground, draft))
    if not left:
        return
    since = left[0][0]
    said = f"{data.group}: {data.person} has no post in {data.grid} or above it from"
    said += f" {since.isoformat()} on"
    if since == starts(data):
        findings.error("contact_without_post", group.origin.at(("person",)), said,
                       "post that person there first, or name another contact")  # fmt: skip
    else:
        findings.warn("contact_leaves", group.origin.at(("person",)), said,
                      "end the group then, and form it anew with another contact")  # fmt: skip


def _posted(person: str, ground: set[str], draft: Draft) -> Iterator[tuple[datetime, datetime]]:
    for posting in draft.postings:
        if posting.data.person == person and posting.data.grid in ground:
            yield starts(posting.data), ends(posting.data)
