"""The pages' rules: languages, times, codes, drafts, outlines, passes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from console.adapters.headers import policy
from console.adapters.passes import Passes
from console.domain.draft import Draft
from console.domain.moments import Span, said, span
from console.domain.outline import district_name, outlined
from console.domain.receipts import in_groups, plain
from console.domain.services import Service, grouped
from service_kit.language import preferred

NOON = datetime(2026, 1, 5, 4, 2, tzinfo=UTC)
SECRET = "a-secret-of-the-pages-for-tests"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.3, zh-CN;q=0.8", "zh"),
        ("de", "zh"),
        ("en;q=nonsense", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
    ],
)
def test_the_browsers_wish_is_met_where_it_can_be(header: str, language: str) -> None:
    assert preferred(header) == language


def test_times_are_said_in_the_districts_zone() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert said(NOON, zone, "zh") == "2026年1月5日 12:02"
    assert said(NOON, zone, "en") == "5 Jan 2026, 12:02"


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(seconds=5), Span(1, "minutes")),
        (timedelta(minutes=119), Span(119, "minutes")),
        (timedelta(hours=47, minutes=59), Span(47, "hours")),
        (timedelta(days=-3, hours=-1), Span(3, "days")),
    ],
)
def test_a_length_of_time_is_rounded_down(length: timedelta, shown: Span) -> None:
    assert span(length) == shown


def test_a_receipt_is_read_however_it_was_typed() -> None:
    assert in_groups("7KQ2M9WXCB4TH") == "7KQ2-M9WX-CB4TH"
    assert plain(" 7kq2-m9wx cb4th ") == "7KQ2M9WXCB4TH"


def test_a_pass_opens_for_its_time_and_for_nobody_elses_pages() -> None:
    passes, others = Passes(SECRET, 60), Passes(f"{SECRET}-2", 60)
    opens = passes.issue("7KQ2M9WXCB4TH", now=1000.0)
    assert passes.read(opens, now=1059.0) == "7KQ2M9WXCB4TH"
    assert passes.read(opens, now=1061.0) is None
    assert others.read(opens, now=1001.0) is None
    assert passes.read(opens[:-6] + "AAAAAA", now=1001.0) is None
    assert [passes.read(each, now=1001.0) for each in ("", "none", "é", "A" * 40)] == [None] * 4
    assert "7KQ2" not in opens


def test_what_is_sent_to_intake_is_what_was_said() -> None:
    draft = Draft(
        service="part_utilities_manhole-cover", condition="missing", lon="113.6", lat="34.7",
        address="门口", text="没了", email="a@example.org",
    )  # fmt: skip
    assert draft.wrong() == {}
    assert draft.body("zh", "位置：") == {
        "channel": "web",
        "language": "zh",
        "matter": "part/utilities/manhole-cover",
        "condition": "missing",
        "point": {"lon": 113.6, "lat": 34.7},
        "text": "没了\n位置：门口",
        "contact": {"email": "a@example.org"},
    }


def test_who_cannot_say_leaves_it_to_a_person() -> None:
    unsure = Draft(service="part_roads_pavement", condition="_unsure", lon="181", lat="x")
    assert unsure.body("en", "") == {
        "channel": "web", "language": "en", "matter": "part/roads/pavement",
    }  # fmt: skip
    other = Draft(service="other")
    assert other.wrong() == {"text": "wrong.text"}
    assert "matter" not in other.body("en", "")


def test_a_search_finds_by_every_word() -> None:
    cover = Service("part_a_cover", "Manhole cover", "Missing, broken", "Things", "part, a", True)
    noise = Service("event_b_noise", "Noise", "At night", "Events", "event, b", False)
    assert [g.name for g in grouped([cover, noise])] == ["Things", "Events"]
    assert [g.services for g in grouped([cover, noise], "COVER broken")] == [[cover]]
    assert grouped([cover, noise], "cover night") == []


def test_the_map_shows_outlines_and_no_counts() -> None:
    feature = {
        "type": "Feature",
        "properties": {"grid": "1", "level": "unit", "parent": None, "name_zh": "甲",
                       "name_en": "A", "households": 180},
        "geometry": {"type": "Polygon", "coordinates": [[[113.1234567, 34.7654321]]]},
    }  # fmt: skip
    shown = outlined(feature)
    assert set(shown["properties"]) == {"grid", "level", "name_zh", "name_en"}
    assert shown["geometry"]["coordinates"] == [[[113.12346, 34.76543]]]
    assert district_name([feature]) == {"zh": "甲", "en": "A"}


def test_only_the_tiles_host_may_be_asked_for_pictures() -> None:
    assert "https:" not in policy(None)
    tiles = policy("https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    assert "img-src 'self' data: blob: https://*.tiles.example.org;" in tiles
    assert "connect-src 'self';" in tiles
