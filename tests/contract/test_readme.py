"""The README of the contracts: its code runs and its table is complete."""

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

import case_contracts
from case_contracts.catalogue import CATALOGUE
from case_contracts.envelope import Envelope
from case_contracts.generate.files import own_folder
from case_contracts.generate.schemas import envelope_example

README = (own_folder() / "README.md").read_text("utf-8")
Handle = Callable[[bytes, set[str]], str | None]


@pytest.fixture(scope="module")
def handle() -> Handle:
    """The handler that the README shows."""
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    shown: Handle = names["handle"]
    return shown


def body(event_type: str, **changed: Any) -> bytes:
    return json.dumps({**envelope_example(CATALOGUE[event_type]), **changed}).encode()


def test_the_example_handles_an_event_once(handle: Handle) -> None:
    seen: set[str] = set()

    first, again = (handle(body("case.opened.v1"), seen) for _ in range(2))

    assert first
    assert first.endswith("in 410199001001001: part/utilities/manhole-cover")
    assert again is None


def test_the_example_leaves_a_newer_type_unseen(handle: Handle) -> None:
    seen: set[str] = set()

    assert handle(body("case.opened.v1", type="case.opened.v99"), seen) is None
    assert seen == set()


def test_the_example_refuses_what_is_no_event(handle: Handle) -> None:
    with pytest.raises(ValidationError):
        handle(b'{"hello": 1}', set())


def test_every_attribute_is_explained() -> None:
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `")]
    explained = set(re.findall(r"`([a-z]+)`", " ".join(rows)))

    assert explained == set(Envelope.model_fields)


def test_the_distribution_has_the_version_of_the_package() -> None:
    project = tomllib.loads((own_folder() / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["version"] == case_contracts.__version__
