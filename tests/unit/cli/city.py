"""A small invented city's files, as a city would have them, with the traps that real ones have."""

import gzip
import json
from pathlib import Path
from typing import Any

CONFIG = """\
district: linhai
name: {zh: 临海市, en: Linhai}
zone: Asia/Shanghai
language: zh
valid_from: 2014-01-01T00:00:00+08:00
grids:
  root: {id: city, level: city}
  levels:
    - level: town
      file: ${CITY}/towns.geojson
      id: "town-{CODE:02}"
      name: {zh: "{NAME}", en: "Town {CODE}"}
    - level: village
      file: ${CITY}/villages.geojson
      id: "{ID}"
      name: {zh: "{NAME}", en: "Village {ID}"}
calendar:
  id: linhai-work
  hours: 1-5 08:00-12:00; 1-5 14:00-18:00
  holidays:
    2015-05-01: {zh: 劳动节, en: Labour Day}
requests:
  file: ${CITY}/requests.csv.gz
  columns:
    ref: 编号
    reported_at: 时间
    closed_at: 办结
    due_at: 期限
    on_time: {column: 及时, "true": [是], "false": [否]}
    category: 大类
    item: 小类
    text: 内容
    lon: 经度
    lat: 纬度
    department: 单位
  time: "%Y-%m-%d %H:%M"
  channels: {default: hotline}
  no_location: [[120.0, 30.0]]
  grids:
    town: {column: 镇, pattern: '(\\d+)', id: "town-{0:0>2}"}
  refuse:
    - {column: 内容, matches: 测试, reason: a trial entry}
    - {column: 大类, is_not: [噪声, 道路], reason: not a category of ours}
matters:
  classes: {道路: part}
  spellings: {噪音扰民: 噪声扰民}
  condition:
    name: {zh: 已上报, en: As reported}
    closing: {zh: 已处理, en: Dealt with}
limits:
  table:
    file: ${CITY}/limits.csv
    item: 小类
    options:
      - {unit: working_days, amount: 工作日, share: 工作日占比}
      - {unit: days, amount: 自然日, share: 自然日占比}
departments:
  legal_basis: 市政府权责清单
  approved_by: [p-000001, p-000002]
admissions: {matters: [event/*], proposed_by: city, reviewed_by: p-000002}
posts:
  - {level: city, role: leader, accountable: true, shifts: 1-5 08:00-18:00}
  - {level: city, role: deputy}
  - {level: town, role: leader, accountable: true}
  - {level: village, role: worker, accountable: true}
translations: {坑洼: Pothole}
"""

HEADER = "编号,时间,办结,期限,及时,大类,小类,内容,经度,纬度,单位,镇"
ROWS = """\
1,2015-04-29 10:00,2015-04-30 09:00,2015-05-04 10:00,是,道路,坑洼,路口有坑,120.15,30.05,公路局,1镇
2,2015-04-29 11:00,2015-05-06 09:00,2015-05-04 11:00,否,道路,坑洼,又有坑,120.15,30.15,城管局,01
3,2015-04-29 12:00,,,,噪声,噪声扰民,夜里很吵,120.0,30.0,城管局,
4,2015-04-28 12:00,2015-04-28 11:00,,,噪声,噪音扰民,很吵,120.25,30.05,城管局,2镇
5,2015-04-29 13:00,,,,噪声,噪声扰民,测试,120.25,30.05,城管局,2镇
6,2015-04-29 13:00,,,,飞碟,其他,看见了,120.25,30.05,城管局,2镇
7,昨天,,,,噪声,噪声扰民,很吵,120.25,30.05,城管局,2镇
7,2015-04-30 13:00,,,,道路,坑洼,,120.25,30.05,公路局,2镇
7,2015-04-30 13:00,,,,道路,坑洼,,120.25,30.05,公路局,2镇
8,2015-04-30 14:00,,,,道路,,没有小类,120.25,30.05,公路局,2镇
9,2015-04-30 15:00,,,,道路,坑洼,坐标错误,东边,30.05,公路局,2镇
"""
LIMITS = """小类,工作日,工作日占比,自然日,自然日占比
坑洼,2,0.99,4,0.5
噪声扰民,0,1.0,0,1.0
"""


def square(west: float, south: float, width: float = 0.1, height: float = 0.1) -> list[list[float]]:
    east, north = west + width, south + height
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(properties: dict[str, Any], ring: list[list[float]]) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


# A ring that touches itself: not valid, as two of Boston's precincts are.
TWISTED = [
    [120.2, 30.0],
    [120.3, 30.0],
    [120.3, 30.1],
    [120.25, 30.05],
    [120.2, 30.1],
    [120.25, 30.05],
    [120.2, 30.0],
]


def write_city(folder: Path, config: str = CONFIG) -> Path:
    """All files of the city; returns the configuration's path."""
    towns = (
        feature({"CODE": 1, "NAME": "东镇"}, square(120.1, 30.0, height=0.2)),
        feature({"CODE": 2, "NAME": "西镇"}, square(120.2, 30.0, height=0.2)),
    )
    villages = (
        feature({"ID": "v11", "NAME": "甲村"}, square(120.1, 30.0)),
        feature({"ID": "v12", "NAME": "乙村"}, square(120.1, 30.1)),
        feature({"ID": "v21", "NAME": "丙村"}, TWISTED),
        feature({"ID": "v22", "NAME": "丁村"}, square(120.2, 30.1)),
    )
    (folder / "towns.geojson").write_text(collection(*towns), encoding="utf-8")
    (folder / "villages.geojson").write_text(collection(*villages), encoding="utf-8")
    (folder / "limits.csv").write_text(LIMITS, encoding="utf-8")
    with gzip.open(folder / "requests.csv.gz", "wt", encoding="utf-8") as file:
        file.write(f"{HEADER}\n{ROWS}")
    path = folder / "city.yaml"
    path.write_text(config, encoding="utf-8")
    return path
