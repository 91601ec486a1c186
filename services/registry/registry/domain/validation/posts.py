"""Posts: only those that the district knows, and nobody in two exclusive ones at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from case_contracts.events.registry import PostingStarted
from registry.domain.kinds import ends, starts
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings

Posting = Placed[PostingStarted]


def check_posts(draft: Draft, findings: Findings) -> None:
    """Where the district lists no roles, any will do and none is exclusive."""
    if draft.head is None or not draft.head.data.roles:
        return
    known = {each.role for each in draft.head.data.roles}
    exclusive = {each.role for each in draft.head.data.roles if each.exclusive}
    since = starts(draft.head.data)
    for posting in draft.postings:
        if posting.data.role not in known and ends(posting.data) > since:
            findings.error(
                "role_unknown", posting.origin.at(("role",)),
                f"{posting.data.posting}: the district has no role {posting.data.role}",
                f"the roles are {', '.join(sorted(known))}",
            )  # fmt: skip
    _check_exclusive([p for p in draft.postings if p.data.role in exclusive], findings)


def _check_exclusive(postings: Sequence[Posting], findings: Findings) -> None:
    by_person: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        by_person[posting.data.person].append(posting)
    for person, held in by_person.items():
        for one, other in clashes(held):
            findings.error(
                "two_exclusive_posts", other.origin,
                f"{person} would hold two exclusive posts at a time: {one.data.posting}"
                f" ({one.data.role} of {one.data.grid}) and {other.data.posting}"
                f" ({other.data.role} of {other.data.grid}) from"
                f" {max(starts(one.data), starts(other.data)).isoformat()} on",
                "let one end (valid_to) before the other begins, or post somebody else",
            )  # fmt: skip


def clashes(held: Sequence[Posting]) -> Iterator[tuple[Posting, Posting]]:
    """Pairs of postings of one person that have time in common, the one to begin first first."""
    ordered = sorted(held, key=lambda p: (starts(p.data), p.data.posting))
    for n, one in enumerate(ordered):
        for other in ordered[n + 1 :]:
            if starts(other.data) >= ends(one.data):
                break
            if other.data.posting != one.data.posting:
                yield one, other
