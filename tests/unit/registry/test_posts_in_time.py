"""Exclusive posts and teams over time: what brute force finds, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.registry import PostingStarted
from case_contracts.events.registry import Span as Range
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from registry.domain.validation.draft import Placed
from registry.domain.validation.posts import clashes
from registry.domain.validation.teams import first_breach
from service_kit.validity import END
from tests.unit.registry.posts import HERE, T0, changed, day, posting, published

TERMS = st.lists(
    st.tuples(st.sampled_from(["p-a", "p-b"]), st.integers(0, 30), st.integers(1, 12)), max_size=7
)


@given(TERMS)
def test_exactly_the_clashes_that_brute_force_finds(terms: list[tuple[str, int, int]]) -> None:
    held = [
        Placed(HERE, PostingStarted.model_validate(
            posting(person, "worker", "410101", start, start + length, f"posting:{n}")))
        for n, (person, start, length) in enumerate(terms)
    ]  # fmt: skip
    for person in ("p-a", "p-b"):
        own = [each for each in held if each.data.person == person]
        found = {frozenset((a.data.posting, b.data.posting)) for a, b in clashes(own)}
        brute = {
            frozenset((a.data.posting, b.data.posting))
            for a in own for b in own
            if a.data.posting != b.data.posting
            and any(_holds(a.data, d) and _holds(b.data, d) for d in range(45))
        }  # fmt: skip
        assert found == brute


@given(TERMS)
def test_never_two_exclusive_posts_whatever_is_asked_for(terms: list[tuple[str, int, int]]) -> None:
    """Changes one after another, each applied unless it is refused."""
    known = published()
    for n, (person, start, length) in enumerate(terms):
        wanted = posting(person, "leader", "4101", start, start + length, f"posting:{n % 3}")
        found = changed(known, postings=[wanted])
        if not found.errors:
            for step in found.steps:
                known.setdefault(step.aggregate, []).extend(step.events)
    spans = [
        (name, s) for name, said in known.items() if name.startswith("posting:")
        for s in standing(KINDS["posting"], said)
    ]  # fmt: skip
    for d in range(45):
        holding = [s.data.person for _, s in spans if s.valid(day(d + 0.5))]  # type: ignore[attr-defined]  # all are postings
        assert len(holding) == len(set(holding))
        names = [name for name, s in spans if s.valid(day(d + 0.5))]
        assert len(names) == len(set(names)), "one posting has one holder at a time"


@given(TERMS)
def test_the_first_breach_of_a_team_is_the_first(terms: list[tuple[str, int, int]]) -> None:
    posted = [
        PostingStarted.model_validate(posting(person, "worker", "410101", start, start + length))
        for person, start, length in terms
    ]
    wanted = Range(least=1, most=1)
    counts = [len({p.person for p in posted if _holds(p, d)}) for d in range(46)]
    breach = next((d for d, count in enumerate(counts) if count != 1), None)
    found = first_breach(posted, wanted, T0, END)
    assert found == (None if breach is None else (day(breach), counts[breach]))


def _holds(post: PostingStarted, number: int) -> bool:
    return post.valid_from <= day(number) < (post.valid_to or END)
