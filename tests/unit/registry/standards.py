"""Standards for tests: generated ones, and a workbook to spoil."""

import io
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from case_contracts.events.registry import StandardPublished
from case_contracts.values import LimitUnit, MatterClass
from registry.adapters.xlsx import write_standard

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
labels = st.one_of(
    st.text(min_size=1, max_size=40),
    st.text("x_05FDA =+-@ \t\n\r\u3000\ufeff\x00#N/A;'\"", min_size=1, max_size=20),
).filter(lambda text: text.isprintable() or "\ud800" not in text)
texts = st.builds(lambda zh, en: {"zh": zh, "en": en}, labels, labels)
limits = st.none() | st.builds(
    lambda amount, unit: {"amount": amount, "unit": unit.value},
    st.integers(1, 3660) | st.floats(1e-6, 3660, exclude_min=True),
    st.sampled_from(LimitUnit),
)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "code": draw(words), "name": draw(texts), "handle": draw(limits), "verify": draw(limits),
        "closing": draw(texts), "evidence": draw(st.lists(words, max_size=3)),
        "urgent": draw(st.booleans()),
    }  # fmt: skip


@st.composite
def matters(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(st.lists(conditions(), min_size=1, max_size=4, unique_by=lambda c: c["code"]))
    default = draw(st.none() | st.sampled_from([each["code"] for each in found]))
    kind = draw(st.sampled_from(MatterClass)).value
    return {
        "code": f"{kind}/{draw(words)}/{draw(words)}", "matter_class": kind, "name": draw(texts),
        "conditions": found, "default_condition": default,
    }  # fmt: skip


@st.composite
def standards(draw: st.DrawFn) -> StandardPublished:
    """Any standard that the registry publishes."""
    content = {
        "standard": draw(words), "version": draw(st.integers(1, 10**6)),
        "calendar": {"id": draw(words), "version": draw(st.integers(1, 99))},
        "matters": draw(st.lists(matters(), min_size=1, max_size=4, unique_by=lambda m: m["code"])),
        "valid_from": draw(st.datetimes().map(lambda at: at.isoformat() + "+00:00")),
    }  # fmt: skip
    return StandardPublished.model_validate(content)


def small_standard(version: int = 1, **changes: Any) -> StandardPublished:
    """Two matters, three conditions: rows 2 to 4 of its workbook."""

    def condition(code: str, amount: float) -> dict[str, Any]:
        return {
            "code": code, "name": {"zh": f"{code}中", "en": code.title()},
            "handle": {"amount": amount, "unit": "working_days"},
            "closing": {"zh": "好了", "en": "Done"}, "evidence": ["photo-after"],
        }  # fmt: skip

    content: dict[str, Any] = {
        "standard": "lanhe", "version": version, "calendar": {"id": "lanhe-work", "version": 1},
        "valid_from": "2026-01-01T00:00:00+08:00",
        "matters": [
            {"code": "part/roads/pothole", "matter_class": "part",
             "name": {"zh": "坑洞", "en": "Pothole"}, "default_condition": "deep",
             "conditions": [condition("deep", 2), condition("wide", 5)]},
            {"code": "event/street/litter", "matter_class": "event",
             "name": {"zh": "垃圾", "en": "Litter"}, "conditions": [condition("heap", 1)]},
        ],
    }  # fmt: skip
    return StandardPublished.model_validate(content | changes)


def spoiled(spoil: Callable[[Workbook], None], standard: StandardPublished | None = None) -> bytes:
    """The workbook of a standard after somebody has edited it."""
    workbook = load_workbook(io.BytesIO(write_standard(standard or small_standard())))
    spoil(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
