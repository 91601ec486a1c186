"""A standard as a file: formats, names, and YAML as ``load-district`` reads it."""

import re
from typing import Annotated, Literal

import yaml
from fastapi import Query

from case_contracts.events.registry import StandardPublished

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YAML = "application/yaml"
Format = Annotated[
    Literal["xlsx", "yaml"], Query(alias="format", description="a workbook, or text")
]


def yaml_text(standard: StandardPublished) -> str:
    """As in ``standard.yaml`` of a district directory."""
    value = standard.model_dump(mode="json", exclude_none=True)
    return yaml.safe_dump(
        value, default_flow_style=None, allow_unicode=True, sort_keys=False, width=100
    )


def file_name(standard: StandardPublished, ending: str) -> str:
    """Of letters, digits, dots and hyphens only: it stands in a header."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", standard.standard)
    return f"standard-{plain}-v{standard.version}.{ending}"
