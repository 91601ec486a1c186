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


class _Exact(yaml.SafeDumper):
    """Writes what other readers take for the end of a line as an escape."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        odd = any(character in data for character in "\r\x85\u2028\u2029")
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"' if odd else None)


_Exact.add_representer(str, _Exact.represent_str)


def yaml_text(standard: StandardPublished) -> str:
    """As in ``standard.yaml`` of a district directory."""
    value = standard.model_dump(mode="json", exclude_none=True)
    text: str = yaml.dump(
        value, Dumper=_Exact, default_flow_style=None, allow_unicode=True, sort_keys=False,
        width=100,
    )  # fmt: skip
    return text


def file_name(standard: StandardPublished, ending: str) -> str:
    """Of letters, digits, dots and hyphens only: it stands in a header."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", standard.standard)
    return f"standard-{plain}-v{standard.version}.{ending}"
