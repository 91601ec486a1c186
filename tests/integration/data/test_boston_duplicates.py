"""The default rules for duplicates over Boston's second quarter, against what the city says."""

from pathlib import Path

import pytest

from civicgrid.commands.duplicates import rules_with
from civicgrid.duplicates.measure import Measured, Pair, measure, named_by, recall
from civicgrid.duplicates.pieces import Asked, Piece, read_pieces

pytestmark = pytest.mark.timeout(120)
CONFIG = Path(__file__).parents[3] / "deploy/onboarding/boston.yaml"


@pytest.fixture(scope="module")
def pieces(request: pytest.FixtureRequest) -> list[Piece]:
    data: Path = request.getfixturevalue("data_dir")
    asked = Asked(CONFIG, columns=("CLOSURE_REASON",))
    return read_pieces(asked, lambda *_: None, {"CIVICGRID_DATA": str(data)})


@pytest.fixture(scope="module")
def found(pieces: list[Piece]) -> Measured:
    return measure(pieces, rules_with(None, None, None))


@pytest.fixture(scope="module")
def named(pieces: list[Piece]) -> list[Pair]:
    return named_by(pieces, 0, "boston-")


def test_a_few_in_a_hundred_are_linked_and_few_more_asked_about(found: Measured) -> None:
    assert (found.rows, found.located) == (31_331, 27_232)
    assert 0.03 < len(found.linked) / found.rows < 0.055
    assert 0.06 < len(found.proposed) / found.rows < 0.12


def test_most_that_the_city_names_are_linked_or_asked_about(
    found: Measured, named: list[Pair]
) -> None:
    same = recall(found, named, same_matter=True)
    assert same.named > 50
    assert same.linked / same.named > 0.3
    assert same.seen / same.named > 0.65


def test_no_link_goes_beyond_what_the_rule_says(found: Measured) -> None:
    for pair in found.linked:
        assert pair.alike is not None
        assert pair.alike.score >= 0.85
        assert pair.row.matter == pair.older.matter
        assert pair.older.open_at(pair.row.at)
        assert found.case_of[pair.older.ref] == pair.older.ref
        assert pair.row.matter.split("/")[0] in {"part", "event"}


def test_a_stricter_rule_links_less_and_asks_more(pieces: list[Piece], found: Measured) -> None:
    strict = measure(pieces, rules_with(None, None, 0.98))
    assert len(strict.linked) < len(found.linked)
    assert len(strict.proposed) > len(found.proposed)
