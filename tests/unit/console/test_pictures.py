"""Each matter has a picture that one recognises, and the sheet of pictures holds nothing else."""

from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
import yaml

from case_contracts.values import MatterClass
from console.adapters.pictures import SHEET, drawn
from console.domain.services import picture
from console.main import STATIC, Lines, build
from tests.support.data import ROOT
from tests.unit.console.browsing import browser, registry
from tests.unit.console.test_pages import settings

SVG = "{http://www.w3.org/2000/svg}"
LINES = {
    "fill": "none", "stroke": "currentColor", "stroke-width": "1.8", "stroke-linecap": "round",
    "stroke-linejoin": "round",
}  # fmt: skip
SHAPES = {
    "path": {"d", "transform"}, "circle": {"cx", "cy", "r"}, "ellipse": {"cx", "cy", "rx", "ry"},
    "rect": {"x", "y", "width", "height", "rx"},
}  # fmt: skip
"""What a picture is drawn with: no script, style, link or colour of its own."""
MOST_BYTES = 20_000
BODY = (STATIC / SHEET).read_bytes()
DRAWN = drawn(BODY)
STANDARD = yaml.safe_load((ROOT / "deploy/sample/standard.yaml").read_text("utf-8"))
CODES = [matter["code"].replace("/", "_") for matter in STANDARD["matters"]]
CLASSES = {kind.value for kind in MatterClass}


@pytest.mark.parametrize("code", CODES)
def test_a_matter_of_the_sample_has_a_picture_of_its_own(code: str) -> None:
    assert picture(code, DRAWN) == code


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("part_roads_tunnel", "part_roads"),
        ("part_roads_pavement_slab", "part_roads_pavement"),
        ("part_utilities_clock", "part"),
        ("event_none_none", "event"),
        ("other", "other"),
        ("unheard-of_none_none", "other"),
    ],
)
def test_what_has_none_is_shown_by_its_category_else_its_class(code: str, shown: str) -> None:
    assert picture(code, DRAWN) == shown


def test_every_class_has_a_picture() -> None:
    assert {*CLASSES, "other"} - DRAWN == set()


def test_no_picture_is_one_that_no_matter_asks_for() -> None:
    categories = {code.rpartition("_")[0] for code in CODES}
    assert DRAWN - {*CODES, *categories, *CLASSES, "other"} == set()


def test_the_sheet_is_symbols_drawn_with_lines_and_nothing_else() -> None:
    sheet = ET.fromstring(BODY)
    assert sheet.attrib == LINES
    symbols = list(sheet)
    for symbol in symbols:
        assert symbol.tag == f"{SVG}symbol"
        assert symbol.attrib == {"id": symbol.get("id"), "viewBox": "0 0 24 24"}
        for shape in symbol:
            assert set(shape.attrib) <= SHAPES[shape.tag.removeprefix(SVG)]
            assert (len(shape), shape.text) == (0, None)
    assert len(symbols) == len(DRAWN)


def test_no_two_pictures_are_the_same() -> None:
    symbols = list(ET.fromstring(BODY))
    lines = {tuple(tuple(shape.items()) for shape in symbol) for symbol in symbols}
    assert len(lines) == len(symbols)


def test_the_sheet_is_light() -> None:
    assert len(BODY) < MOST_BYTES


def services(request: httpx.Request) -> httpx.Response:
    """Intake offers a matter that has a picture, and one of another district that has none."""
    if request.url.path != "/open311/v2/services.json":
        return registry(request)
    said: dict[str, Any] = {"description": "", "group": "部件", "keywords": "", "metadata": False}
    named = {"part_roads_pavement": "人行道板", "part_roads_tunnel": "隧道"}
    rows = [{**said, "service_code": code, "service_name": name} for code, name in named.items()]
    return httpx.Response(200, json=rows)


@pytest.mark.parametrize(
    ("path", "pictures"),
    [
        ("/report", ["part_roads_pavement", "part_roads"]),
        ("/report/where?service=part_roads_pavement", ["part_roads_pavement"]),
        ("/report/where?service=part_roads_tunnel", ["part_roads"]),
    ],
)
async def test_a_page_shows_them(path: str, pictures: list[str]) -> None:
    lines = [httpx.AsyncClient(transport=httpx.MockTransport(services)) for _ in range(2)]
    app = build(settings(), Lines(*lines))
    sheet = app.state.house.files.url(SHEET)
    async with browser(app) as http:
        page = (await http.get(path)).text
    shown = [part.split('"')[0] for part in page.split('<use href="')[1:]]
    assert shown == [f"{sheet}#{name}" for name in pictures]
