"""The two catalogues say the same things, and every label that a page asks for is there."""

import re
from pathlib import Path
from string import Formatter

import pytest
from markupsafe import Markup

from console.adapters.catalogue import Labels, read
from console.domain.draft import Draft
from console.settings import PACKAGE

TEXTS = read()
ASKED = re.compile(r"""\bt\(\s*["']([a-z0-9_.]+)["']\s*[,)]""")
NOT_WORDS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|[a-z-]+=\"[^\"]*\"", re.DOTALL)
CJK = re.compile(r"[一-鿿]")
DRAWN_UP = re.compile(r"""["']((?:[a-z_]+\.)+)(?:["']|\{)""")
"""How a page puts a key together: ``"dept.state." ~ each``, ``f"problem.{code}"``."""


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def templates() -> list[Path]:
    return sorted((PACKAGE / "templates").rglob("*.html"))


def test_both_languages_have_the_same_labels_with_the_same_places() -> None:
    zh, en = TEXTS["zh"], TEXTS["en"]
    assert zh.keys() == en.keys()
    assert {key for key in zh if places(zh[key]) != places(en[key])} == set()
    assert {key for key in zh if not zh[key].strip() or not en[key].strip()} == set()


def test_each_label_is_in_its_language() -> None:
    own_name = {"site.other_language"}
    assert {k for k, v in TEXTS["en"].items() if CJK.search(v)} == own_name
    assert {k for k, v in TEXTS["zh"].items() if not CJK.search(v)} == own_name


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_what_a_template_asks_for_is_there(path: Path) -> None:
    asked = set(ASKED.findall(path.read_text("utf-8")))
    assert asked - TEXTS["zh"].keys() == set()


def test_no_label_is_left_that_nothing_asks_for() -> None:
    scripts = PACKAGE.glob("static/*.js")
    files = [*templates(), *PACKAGE.rglob("*.py"), *scripts]
    source = "".join(path.read_text("utf-8") for path in files)
    left = {k for k in TEXTS["zh"] if f'"{k}"' not in source and f"'{k}'" not in source}
    assert {key for key in left if not key.startswith(tuple(DRAWN_UP.findall(source)))} == set()


def test_no_template_has_words_of_its_own() -> None:
    for path in templates():
        text = NOT_WORDS.sub(" ", path.read_text("utf-8"))
        assert re.findall(r"[^\W\d_]{2,}", text) == [], path.name


def test_everything_that_can_be_wrong_with_a_draft_is_said() -> None:
    bad = Draft(text="x" * 5000, address="y" * 500, email="no", phone="no")
    nothing = Draft(service="other", condition="Über")
    assert {*bad.wrong().values(), *nothing.wrong().values()} - TEXTS["zh"].keys() == set()


def test_what_is_put_into_a_label_is_escaped_unless_it_is_markup() -> None:
    labels = Labels({"a": "by {when} for {whom}"})
    said = labels("a", when=Markup("<time>9</time>"), whom="<b>")
    assert said == "by <time>9</time> for &lt;b&gt;"
