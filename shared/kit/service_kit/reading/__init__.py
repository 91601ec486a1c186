"""Reading what people write: each part keeps its line, and everything wrong is told at once."""

from service_kit.reading.problems import Problems
from service_kit.reading.yaml_lines import Document, parse

__all__ = ["Document", "Problems", "parse"]
