"""What was ever released is still read, and still means what it meant."""

from pathlib import Path

import pytest

from case_contracts.catalogue import CATALOGUE
from case_contracts.envelope import Envelope
from case_contracts.upcast import readable_types
from tests.contract.golden_files import (
    HERE,
    MEANING,
    Json,
    goldens,
    listed,
    meaning_of,
    meaning_path,
    read,
    seal_of,
    sum_line,
    sum_lines,
)

SEALS = {
    "1.0.0": (180, "2742096a63e5c2d0079800d19f298464f12f301c934c8e93fd5da8eb395ccee7"),
}
"""How many lines of SHA256SUMS a release had, and their hash. Add a line at each release."""

GOLDENS = goldens()


def _names(path: Path) -> str:
    return path.stem


def lost(before: object, now: object, where: str = "data") -> list[str]:
    """What a payload no longer says as it did; fields that are new lose nothing."""
    if isinstance(before, dict) and isinstance(now, dict):
        return [
            line
            for key, value in before.items()
            for line in lost(value, now.get(key, "(gone)"), f"{where}.{key}")
        ]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [line for i, (old, new) in pairs for line in lost(old, new, f"{where}[{i}]")]
    return [] if before == now else [f"{where}: {before!r} is now {now!r}"]


@pytest.mark.parametrize("golden", GOLDENS, ids=_names)
def test_a_released_event_still_means_the_same(golden: Path) -> None:
    path = meaning_path(golden)

    assert path.is_file(), f"{path.name} is missing: run python -m tests.contract.release"
    assert lost(read(path), meaning_of(golden)) == []


@pytest.mark.parametrize("golden", GOLDENS, ids=_names)
def test_a_released_envelope_still_says_the_same(golden: Path) -> None:
    before = read(golden)
    now = Envelope.model_validate(before).model_dump(mode="json")

    assert lost(before, now, "envelope") == []


@pytest.mark.parametrize("golden", GOLDENS, ids=_names)
def test_a_type_once_released_can_be_read_for_ever(golden: Path) -> None:
    envelope = Envelope.model_validate(read(golden))

    assert envelope.type in readable_types(envelope.payload().SPEC.type)


@pytest.mark.parametrize("event_type", sorted(CATALOGUE))
def test_every_type_has_its_golden_files(event_type: str) -> None:
    have = {path.name for path in GOLDENS}
    needed = {f"{event_type}.json", f"{event_type}.least.json"}

    assert needed <= have, "run python -m tests.contract.release"


def test_no_golden_file_or_meaning_has_changed_since_it_was_listed() -> None:
    today = {sum_line(HERE / name) for name in listed()}

    assert set(sum_lines()) == today, "a golden file was edited: restore it; release a new version"


def test_every_golden_file_and_meaning_is_listed_once() -> None:
    files = [*GOLDENS, *MEANING.glob("*.json")]

    assert {path.relative_to(HERE).as_posix() for path in files} == listed()
    assert len(sum_lines()) == len(listed())


@pytest.mark.parametrize("release", SEALS)
def test_the_list_was_only_extended_since(release: str) -> None:
    count, seal = SEALS[release]

    assert seal_of(sum_lines()[:count]) == seal, "SHA256SUMS was edited; it may only grow"


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"a": 1}, {}),
        ({"a": 1}, {"a": 2}),
        ({"a": [1]}, {"a": [1, 2]}),
        ({"a": [{"b": 1}]}, {"a": [{"b": None}]}),
        ({"a": None}, {}),
    ],
)
def test_a_loss_is_noticed(before: Json, now: Json) -> None:
    assert lost(before, now)


def test_a_new_field_is_no_loss() -> None:
    assert lost({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3}) == []
