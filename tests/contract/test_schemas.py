"""The generated JSON Schemas: fresh, valid, and of one mind with the models."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from case_contracts import meanings
from case_contracts.catalogue import CATALOGUE
from case_contracts.commands import COMMAND, OPERATION_COMMANDS, TASK_COMMANDS
from case_contracts.generate.__main__ import main
from case_contracts.generate.files import own_folder, stale, wanted
from case_contracts.generate.schemas import (
    COMMAND_MODELS,
    INBOX_MODELS,
    Description,
    descriptions,
    envelope_example,
)
from case_contracts.inbox import INBOX_ITEM
from tests.contract.golden_files import goldens, read

FOLDER = own_folder()
DESCRIBED = list(descriptions())
HAN = re.compile(r"[\u4e00-\u9fff]")
TERM = re.compile(r"\([\u4e00-\u9fff]+\)")
"""A Chinese term that an English sentence explains, in brackets."""


def stored(described: Description) -> dict[str, Any]:
    return read(FOLDER / "schemas" / described.path)


def path_of(described: Description) -> str:
    return described.path.removesuffix(".json")


every = pytest.mark.parametrize("described", DESCRIBED, ids=path_of)


def test_what_is_in_the_repository_is_fresh() -> None:
    assert stale(FOLDER) == [], "run python -m case_contracts.generate"


@every
def test_a_schema_is_a_valid_schema(described: Description) -> None:
    schema = stored(described)

    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == described.urn


@every
def test_an_example_fits_its_schema_and_its_model(described: Description) -> None:
    schema = stored(described)

    assert schema["examples"] == [described.example]
    Draft202012Validator(schema).validate(described.example)
    described.model.model_validate(described.example)


@every
def test_an_example_names_only_fields_that_exist(described: Description) -> None:
    assert set(described.example) <= set(described.model.model_fields)


@every
def test_a_schema_refuses_what_lacks_a_required_field(described: Description) -> None:
    schema = stored(described)
    for name in schema["required"]:
        lacking = {key: value for key, value in described.example.items() if key != name}
        with pytest.raises(ValidationError, match=name):
            Draft202012Validator(schema).validate(lacking)


@every
def test_a_meaning_is_told_in_both_languages(described: Description) -> None:
    english, chinese = stored(described)["description"].split("\n\n")

    assert english
    assert not HAN.search(TERM.sub("", english))
    assert HAN.search(chinese)


@pytest.mark.parametrize("golden", goldens(), ids=lambda path: path.stem)
def test_a_golden_event_fits_the_schemas_of_today(golden: Path) -> None:
    event = read(golden)
    payload = read(FOLDER / "schemas" / f"{event['type']}.json")

    Draft202012Validator(read(FOLDER / "schemas/envelope.json")).validate(event)
    Draft202012Validator(payload).validate(event["data"])


def test_the_name_of_a_schema_is_what_the_envelope_says() -> None:
    for spec in CATALOGUE.values():
        assert read(FOLDER / f"schemas/{spec.type}.json")["$id"] == spec.dataschema


def test_no_chinese_meaning_is_left_over() -> None:
    assert set(meanings.EVENTS_ZH) == {spec.name for spec in CATALOGUE.values()}
    assert set(meanings.COMMANDS_ZH) == set(COMMAND_MODELS)
    assert set(meanings.INBOX_ZH) == set(INBOX_MODELS)


def test_every_command_and_item_is_told_apart_by_its_name() -> None:
    assert {*TASK_COMMANDS, *OPERATION_COMMANDS} == set(COMMAND_MODELS)
    for described in DESCRIBED:
        if described.path.startswith("commands/"):
            assert type(COMMAND.validate_python(described.example)) is described.model
        if described.path.startswith("inbox/"):
            assert type(INBOX_ITEM.validate_python(described.example)) is described.model


def test_check_passes_on_what_was_just_written(tmp_path: Path) -> None:
    assert main(["--into", str(tmp_path)]) == 0
    assert main(["--check", "--into", str(tmp_path)]) == 0
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")} == set(wanted())


def test_check_names_what_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--into", str(tmp_path)])
    (tmp_path / "schemas/case.opened.v1.json").write_text("{}", "utf-8")
    (tmp_path / "schemas/nobody.knows.v1.json").write_text("{}", "utf-8")
    (tmp_path / "asyncapi.yaml").unlink()
    capsys.readouterr()

    assert main(["--check", "--into", str(tmp_path)]) == 1
    named = capsys.readouterr().err
    assert len(named.splitlines()) == 3
    for name in ("case.opened.v1.json", "nobody.knows.v1.json", "asyncapi.yaml"):
        assert f"{name} is stale: run python -m case_contracts.generate" in named


def test_writing_removes_what_is_no_longer_known(tmp_path: Path) -> None:
    left_over = tmp_path / "schemas/nobody.knows.v1.json"
    left_over.parent.mkdir()
    left_over.write_text("{}", "utf-8")

    main(["--into", str(tmp_path)])

    assert not left_over.exists()


def test_an_envelope_example_is_json_as_it_goes_over_the_wire() -> None:
    for spec in CATALOGUE.values():
        example = envelope_example(spec)
        assert json.loads(json.dumps(example)) == example
