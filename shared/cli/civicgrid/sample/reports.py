"""1,500 invented reports in Chinese: plausible places, hours and matters, some of them bad."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from case_contracts.events.intake import Channel
from case_contracts.values import About, Point
from civicgrid.reports_file import Contact, ReportLine
from civicgrid.sample.layout import Node
from civicgrid.sample.names import ROADS
from civicgrid.sample.outline import Outlines
from civicgrid.sample.powers import DEPARTMENTS

COUNT = 1500
FIRST_DAY, DAYS = datetime(2026, 1, 5, tzinfo=ZoneInfo("Asia/Shanghai")), 14
# How many reports come in each hour of the day: few at night, peaks at nine and at seven.
_HOURS = (1, 1, 1, 1, 1, 2, 5, 9, 13, 16, 14, 11, 8, 8, 11, 12, 12, 13, 14, 15, 12, 8, 4, 2)
_WEEK = (11, 10, 10, 10, 10, 7, 6)
_CHANNELS = {"web": 38, "hotline": 30, "open311": 12, "patrol": 14, "inspection": 4, "sensor": 2}
_SEEN_ON_ROUNDS = ("part/", "event/", "hazard/")
_BY_STAFF = (Channel.PATROL, Channel.INSPECTION)


class Reporters:
    """Makes reports for one district."""

    def __init__(
        self,
        root: Node,
        outlines: Outlines,
        matters: list[dict[str, Any]],
        people: list[dict[str, Any]],
        random: Random,
    ) -> None:
        self._random = random
        self._outlines = outlines
        self._units = root.at("unit")
        self._busy = [random.uniform(0.3, 3.0) for _ in self._units]
        self._matters = matters
        self._wet = [row for row in matters if row["code"] == "event/water/standing-water"]
        self._seen = [row for row in matters if row["code"].startswith(_SEEN_ON_ROUNDS)]
        self._people = {(row["grid"], row["role"]): row["person"] for row in people}
        text = files(__package__).joinpath("phrases.yaml").read_text(encoding="utf-8")
        self._phrases: dict[str, Any] = yaml.safe_load(text)

    def reports(self) -> Iterator[ReportLine]:
        """All reports in the order of their times."""
        moments = sorted(self._moment() for _ in range(COUNT))
        for number, moment in enumerate(moments, start=1):
            yield self._report(f"sample-{number:04d}", number, moment)

    def _moment(self) -> datetime:
        weights = [_WEEK[(FIRST_DAY + timedelta(days=n)).weekday()] for n in range(DAYS)]
        (day,) = self._random.choices(range(DAYS), weights)
        (hour,) = self._random.choices(range(24), _HOURS)
        return FIRST_DAY + timedelta(days=day, hours=hour, seconds=self._random.randrange(3600))

    def _report(self, ref: str, number: int, moment: datetime) -> ReportLine:
        random = self._random
        channel = self._channel(moment)
        rows = self._choice(channel)
        (row,) = random.choices(rows, [row["weight"] for row in rows])
        condition = random.choice(row["conditions"])
        (unit,) = random.choices(self._units, self._busy)
        about = self._about(unit) if channel is Channel.WEB and random.random() < 0.05 else None
        unknown = channel is Channel.HOTLINE and random.random() < 0.06
        named = random.random() < 0.85
        return ReportLine(
            ref=ref,
            reported_at=moment,
            channel=channel,
            matter=random.choice(self._phrases["unknown"]) if unknown else row["code"],
            condition=condition[0] if named and not unknown else None,
            point=self._point(unit, channel),
            text=self._text(row, condition, channel, about),
            contact=self._contact(number, channel),
            about=about,
            by=self._by(unit, channel),
        )

    def _channel(self, moment: datetime) -> Channel:
        """Nobody is on patrol at night, so staff report by day only."""
        (chosen,) = self._random.choices(list(_CHANNELS), list(_CHANNELS.values()))
        channel = Channel(chosen)
        by_day = 8 <= moment.hour < 18
        return channel if by_day or channel not in _BY_STAFF else Channel.HOTLINE

    def _choice(self, channel: Channel) -> list[dict[str, Any]]:
        if channel is Channel.SENSOR:
            return self._wet
        return self._seen if channel in _BY_STAFF else self._matters

    def _point(self, unit: Node, channel: Channel) -> Point | None:
        luck = self._random.random()
        lon, lat = self._outlines.inside(unit.rect, self._random.random(), self._random.random())
        if channel in _BY_STAFF or channel is Channel.SENSOR:
            return Point(lon=lon, lat=lat)
        if luck < 0.08:
            return None
        # Somebody's home town, or a wrong tap on the map: well outside the district.
        away = 0.6 if luck < 0.11 else 0.0
        return Point(lon=round(lon + away, 6), lat=lat)

    def _contact(self, number: int, channel: Channel) -> Contact | None:
        if channel in _BY_STAFF or channel is Channel.SENSOR or self._random.random() < 0.25:
            return None
        return Contact(email=f"resident-{number:04d}@example.org")

    def _by(self, unit: Node, channel: Channel) -> str | None:
        street = unit.path[1].code
        posts = {
            Channel.PATROL: (unit.code, "worker"),
            Channel.INSPECTION: (street, "street-supervisor"),
        }
        return self._people[posts[channel]] if channel in posts else None

    def _about(self, unit: Node) -> About:
        if self._random.random() < 0.6:
            return About(kind="department", id=self._random.choice(DEPARTMENTS)[0])
        return About(kind="person", id=self._people[unit.code, "worker"])

    def _text(
        self, row: dict[str, Any], condition: list[str], channel: Channel, about: About | None
    ) -> str:
        random, phrases = self._random, self._phrases
        sentence = random.choice(phrases[row["code"].split("/")[0]])
        tail = random.choice(phrases["tail"])
        if channel is Channel.SENSOR:
            sentence, tail = phrases["sensor"], ""
        if about:
            sentence = phrases["about"]
        subjects = {code: zh for code, zh, _ in DEPARTMENTS}
        words = {
            "road": random.choice(ROADS),
            "near": random.choice(phrases["near"]),
            "day": random.choice(phrases["day"]),
            "matter": row["zh"].removesuffix("咨询"),
            "condition": condition[1],
            "subject": subjects.get(about.id, "本网格工作人员") if about else "",
        }
        return str(sentence).format(**words) + str(tail)
