"""A line of an import file, and what can be wrong with it. A problem never quotes the line: what
stands there may be somebody's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from case_contracts.values import Text


class Flaw(StrEnum):
    """Why a line is bad: it was not taken, and can be mended and sent again."""

    ENCODING = "encoding_wrong"
    TOO_LONG = "line_too_long"
    NOT_JSON = "not_json"
    NOT_OBJECT = "not_an_object"
    NOT_CSV = "csv_invalid"
    CELLS = "cells_wrong"
    FIELD_MISSING = "field_missing"
    FIELD_UNKNOWN = "field_unknown"
    FIELD_INVALID = "field_invalid"
    NO_ZONE = "time_without_zone"
    FUTURE = "time_in_future"
    TOO_OLD = "time_too_old"
    NOT_LIVE = "not_for_live"
    REF_TWICE = "ref_twice"
    REF_REUSED = "ref_reused"
    NOT_TAKEN = "not_taken"


FLAWS = {
    Flaw.ENCODING: Text(
        zh="该行不是文件所声明的编码。", en="The line is not in the encoding that the file has."
    ),
    Flaw.TOO_LONG: Text(zh="该行超过64 KiB。", en="The line is longer than 64 KiB."),
    Flaw.NOT_JSON: Text(zh="该行不是有效的JSON。", en="The line is not JSON."),
    Flaw.NOT_OBJECT: Text(zh="该行不是JSON对象。", en="The line is JSON, but not an object."),
    Flaw.NOT_CSV: Text(
        zh="该行不是有效的CSV：检查引号是否成对。",
        en="The line is not CSV: see whether each quote is closed.",
    ),
    Flaw.CELLS: Text(
        zh="该行的列数与表头不同。", en="The line has more or fewer cells than the header."
    ),
    Flaw.FIELD_MISSING: Text(zh="缺少必填字段。", en="A field that is needed is missing."),
    Flaw.FIELD_UNKNOWN: Text(zh="有未知字段。", en="There is a field that is not known."),
    Flaw.FIELD_INVALID: Text(zh="字段的值无效。", en="A field's value is not valid."),
    Flaw.NO_ZONE: Text(
        zh="时间没有时区：请写明时区，或在导入时指定timezone。",
        en="The time has no zone: write one, or name a timezone for the import.",
    ),
    Flaw.FUTURE: Text(zh="上报时间晚于现在。", en="The report's time lies in the future."),
    Flaw.TOO_OLD: Text(
        zh="上报时间太早，不能作为新的上报；请作为历史数据导入。",
        en="The report is too old to open a case now; import it as history.",
    ),
    Flaw.NOT_LIVE: Text(
        zh="该字段只用于历史数据导入。", en="This field is for imports of history only."
    ),
    Flaw.REF_TWICE: Text(
        zh="文件中此前已有相同的ref。", en="The same ref stands in the file before it."
    ),
    Flaw.REF_REUSED: Text(
        zh="该ref此前已导入，内容不同。", en="The ref was imported before, with other content."
    ),
    Flaw.NOT_TAKEN: Text(
        zh="系统出错，该行未导入，请重新发送。",
        en="An error of ours: the line was not taken; send it again.",
    ),
}


@dataclass(frozen=True)
class Line:
    """One line by the number of its first row in the file, counted from 1: its content, or what
    is wrong with it."""

    number: int
    content: Mapping[str, Any] | None = None
    flaw: Flaw | None = None
    field: str | None = None


@dataclass(frozen=True)
class Wrong(Exception):
    """The file as a whole cannot be read; nothing of it is taken."""

    code: str
    detail: str
