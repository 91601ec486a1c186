"""The columns of the sheet of conditions, the rows of the head, and the words in them."""

from dataclasses import dataclass

from case_contracts.values import LimitUnit

CONDITIONS, HEAD, NOTES = "Conditions", "Head", "Notes"


@dataclass(frozen=True)
class Column:
    """One column (or row of the head): its key, its Chinese label, and what belongs there."""

    key: str
    zh: str
    help_zh: str
    help_en: str
    width: int = 14

    @property
    def header(self) -> str:
        return f"{self.key} {self.zh}"


COLUMNS = (
    Column("matter", "事项代码", "类/类别/事项, 同一事项的各行相邻",
           "class/category/item; the rows of one matter stand together", 34),
    Column("matter_zh", "事项名称", "中文名称", "the matter's Chinese name", 16),
    Column("matter_en", "事项英文名称", "英文名称", "the matter's English name", 22),
    Column("condition", "立案条件代码", "小写字母、数字、连字符", "letters, digits, hyphens", 16),
    Column("condition_zh", "立案条件", "中文名称", "the condition's Chinese name", 20),
    Column("condition_en", "立案条件英文", "英文名称", "the condition's English name", 24),
    Column("default", "默认条件", "每个事项至多一行填 yes", "yes in one row of a matter", 10),
    Column("handle_amount", "处置时限", "数字; 无时限则留空", "a number; empty for no limit", 10),
    Column("handle_unit", "处置时限单位", "见下", "see below", 16),
    Column("verify_amount", "核实时限", "数字; 无时限则留空", "a number; empty for no limit", 10),
    Column("verify_unit", "核实时限单位", "见下", "see below", 16),
    Column("closing_zh", "结案条件", "中文", "the closing condition in Chinese", 30),
    Column("closing_en", "结案条件英文", "英文", "the closing condition in English", 36),
    Column("evidence", "证据", "代码, 以分号分隔, 如 photo-after",
           "codes such as photo-after, parted by semicolons", 20),
    Column("urgent", "紧急", "连续计时填 yes", "yes where time runs day and night", 10),
)  # fmt: skip
"""In their order in the template; a file may have them in any order."""

HEAD_ROWS = (
    Column("standard", "标准代码", "本区标准的代码", "the id of the district's standard", 30),
    Column("version", "版本", "比已发布的版本大", "higher than what is published"),
    Column("calendar", "工作日历", "所依据的日历代码", "the id of the calendar that it pins"),
    Column("calendar_version", "日历版本", "所依据的日历版本", "the version of that calendar"),
    Column("valid_from", "生效时间", "文本, 带时区, 如 2027-01-01T00:00:00+08:00",
           "text with its zone, such as 2027-01-01T00:00:00+08:00"),
)  # fmt: skip

UNITS = {
    LimitUnit.WORKING_HOURS: ("工作小时", "工作时", "working hours", "working hour"),
    LimitUnit.WORKING_DAYS: ("工作日", "个工作日", "working days", "working day"),
    LimitUnit.HOURS: ("小时", "连续小时", "hour", "h"),
    LimitUnit.DAYS: ("天", "日", "日历日", "自然日", "day", "d"),
}
UNIT_WORDS = {unit.value: unit for unit in UNITS} | {
    word: unit for unit, words in UNITS.items() for word in words
}
YES = ("yes", "y", "true", "1", "是", "√", "✓")
NO = ("no", "n", "false", "0", "否", "×")
