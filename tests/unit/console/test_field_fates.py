"""Why an item was not taken is said in words, in both languages, for whatever intake can say."""

import re
from typing import get_args

import pytest

from case_contracts.events.intake import Rejection
from console.adapters.catalogue import Labels, read
from console.settings import PACKAGE
from console.views.field_fates import CODES, REASONS, words
from service_kit.language import Language

LANGUAGES = get_args(Language)
SCRIPTS = {path.name: path.read_text("utf-8") for path in (PACKAGE / "static").glob("field_*.js")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_for_opening_no_case_has_words(language: Language) -> None:
    said = words(Labels(read()[language]))
    assert {each.value for each in Rejection} == set(REASONS)
    assert all(said[f"reason_{each}"].strip() for each in REASONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_intake_refuses_an_item_for_has_words(language: Language) -> None:
    said = words(Labels(read()[language]))
    refused = {"kind_unknown", "invalid", "made_in_future", "made_too_long_ago",
               "idempotency_key_reused"}  # fmt: skip
    assert refused <= set(CODES)
    assert len({said[f"code_{each}"] for each in CODES}) == len(CODES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scripts_ask_for_no_words_that_are_not_there(language: Language) -> None:
    said = words(Labels(read()[language]))
    asked = set(
        re.findall(r"\bwords\.([a-z_]+)", SCRIPTS["field_list.js"] + SCRIPTS["field_fate.js"])
    )
    assert asked
    assert asked - said.keys() == set()
    assert ("{what}" in said["drop"], "{parts}" in said["parts"]) == (True, True)


def test_what_the_scripts_take_for_a_code_is_one() -> None:
    fate = SCRIPTS["field_fate.js"]
    lists = re.findall(r"const (?:TIMES|MATTER) = \[([^\]]*)\]", fate)
    named = set(re.findall(r'"([a-z_]+)"', " ".join(lists)))
    named |= set(re.findall(r'reason === "([a-z_]+)"', fate))
    assert named - {*CODES, *REASONS} == set()
    assert set(REASONS) <= named
