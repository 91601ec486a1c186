"""Which pictures of matters there are: the sheet itself says so, at the start."""

from xml.etree import ElementTree as ET

SHEET = "icons.svg"
"""One file with a symbol for each picture; the symbol's id is the service's code, or a part of it:
that of a category or a class."""
SYMBOL = "{http://www.w3.org/2000/svg}symbol"


def drawn(sheet: bytes) -> frozenset[str]:
    """The ids of its symbols."""
    return frozenset(each.attrib["id"] for each in ET.fromstring(sheet).iter(SYMBOL))
