"""YAML with the line of every part, and without YAML's surprises.

Only numbers, true, false and null are anything but text: ``08:00`` is a time of day and not
480, ``0012`` is a code, ``no`` is a word. A key given twice is an error. What would nest or
repeat itself without end is refused before it is built.
"""

import re
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from case_contracts.district import Origin
from service_kit.reading.problems import Problems

Path = tuple[str | int, ...]


class TooMuch(Exception):
    """More than a file that people write can hold."""


_INT = re.compile(r"^-?(0|[1-9][0-9]{0,14})$")
_FLOAT = re.compile(r"^-?(0|[1-9][0-9]*)\.[0-9]+$")
MOST_DEPTH, MOST_PARTS = 50, 500_000
_QUOTED = ("'", '"', "|", ">")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class Document:
    """A parsed file: its ``value`` and the lines of its parts."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.value: Any = None
        self._lines: dict[Path, int] = {}
        self._problems = problems
        self._parts = 0

    def origin(self, path: Path = ()) -> Origin:
        """Where the part at ``path`` stands, with the lines of what is nested in it."""
        nested = {
            ".".join(str(step) for step in key[len(path) :]): line
            for key, line in self._lines.items()
            if len(key) > len(path) and key[: len(path)] == path
        }
        return Origin(file=self.file, line=self._lines.get(path, 1), parts=nested)

    def take(self, node: Node, path: Path, above: frozenset[int]) -> Any:
        """The value at a node; raises TooMuch when references repeat parts beyond measure."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise TooMuch(f"more than {MOST_PARTS} parts")
        self._lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in above:
            self.problem(node, "yaml_recursive", "a value contains itself", "write it out")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path, above | {id(node)})
        if isinstance(node, SequenceNode):
            inside = above | {id(node)}
            return [self.take(item, (*path, n), inside) for n, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: Path, above: frozenset[int]) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in taken:
                self.problem(key_node, "yaml_key_twice", f"key {key!r} stands twice", "remove one")
            self._lines[(*path, key)] = key_node.start_mark.line + 1
            taken[key] = self.take(value_node, (*path, key), above)
        return taken

    def problem(self, node: Node, code: str, message: str, hint: str) -> None:
        self._problems.add(code, self.file, node.start_mark.line + 1, message, hint)


def parse(text: str, file: str, problems: Problems) -> Document:
    """Parse ``text``; what is wrong goes to ``problems``, the value is then ``None``."""
    document = Document(file, problems)
    try:
        _check_depth(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        document.value = document.take(node, (), frozenset()) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        said = getattr(error, "problem", None) or str(error)
        problems.add("yaml_invalid", file, line, f"not YAML: {said}", "correct the line")
    except TooMuch as error:
        problems.add("yaml_too_much", file, None, str(error), "write it out, and part the file")
    return document


def _check_depth(text: str) -> None:
    """The parser recurses, so depth is counted before it is given the text."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_DEPTH:
                raise TooMuch(f"something is nested deeper than {MOST_DEPTH}")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _scalar(node: Node) -> str | int | float | bool | None:
    text = str(node.value)
    if not isinstance(node, ScalarNode) or node.style in _QUOTED:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
