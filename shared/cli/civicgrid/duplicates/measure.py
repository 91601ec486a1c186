"""Runs the rules over rows as if they came one after the other, and counts what they say."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from case_contracts.events.intake import DuplicateRule
from civicgrid.duplicates.pieces import Piece
from service_kit.alike import Alike, Nearby, certain, rule_for

FORGET_EVERY = 2000


class Pair(NamedTuple):
    """A row and the older one that the rule or the city holds it against."""

    row: Piece
    older: Piece
    alike: Alike | None = None


@dataclass
class Measured:
    """``case_of`` is the row that opened the case a row belongs to: its own, unless linked."""

    rows: int = 0
    located: int = 0
    case_of: dict[str, str] = field(default_factory=dict)
    linked: list[Pair] = field(default_factory=list)
    proposed: dict[str, Pair] = field(default_factory=dict)

    @property
    def by_words(self) -> Counter[str]:
        """Links by what the city calls the matter."""
        return Counter(pair.row.words for pair in self.linked)

    def examples(self, number: int, seed: int) -> list[Pair]:
        """So many links, drawn by a seed, in the order of their times."""
        drawn = random.Random(seed).sample(self.linked, min(number, len(self.linked)))
        return sorted(drawn, key=lambda pair: (pair.row.at, pair.row.ref))

    def together(self, one: str, other: str) -> bool:
        """Whether both stand behind one case."""
        return self.case_of[one] == self.case_of[other]

    def asked_about(self, one: str, other: str) -> bool:
        """Whether a person was asked whether one belongs to the other's case."""
        for row, beside in ((one, other), (other, one)):
            pair = self.proposed.get(row)
            if pair and self.case_of[pair.older.ref] == self.case_of[beside]:
                return True
        return False


def measure(pieces: Sequence[Piece], rules: Sequence[DuplicateRule]) -> Measured:
    """Each row is held against the cases of rows before it that are open at its time."""
    found, index = Measured(rows=len(pieces)), Nearby()
    by_ref = {piece.ref: piece for piece in pieces}
    longest = max((rule.hours for rule in rules), default=0.0) * 3600
    for number, piece in enumerate(pieces):
        found.case_of[piece.ref] = piece.ref
        if piece.place is not None:
            found.located += 1
            _one(piece, by_ref, rules, index, found)
        if number % FORGET_EVERY == 0:
            index.forget(piece.at.timestamp() - longest)
    return found


def _one(
    piece: Piece, by_ref: dict[str, Piece], rules: Sequence[DuplicateRule], index: Nearby,
    found: Measured,
) -> None:  # fmt: skip
    assert piece.place is not None
    rule = rule_for(rules, piece.matter)
    if rule is None:
        return
    alike = index.alike(piece.place, rule.metres, rule.hours)
    best = next((a for a in alike if by_ref[a.older.report].open_at(piece.at)), None)
    if best is not None and certain(piece.place, best, rule):
        found.case_of[piece.ref] = best.older.case
        found.linked.append(Pair(piece, by_ref[best.older.report], best))
        return
    if best is not None:
        found.proposed[piece.ref] = Pair(piece, by_ref[best.older.report], best)
    index.add(piece.place)


@dataclass(frozen=True)
class Recall:
    """Of the duplicates that the city itself names: how many were linked, how many were linked
    or proposed."""

    named: int
    linked: int
    seen: int


def named_by(pieces: Sequence[Piece], column: int, prefix: str) -> list[Pair]:
    """Rows whose closing calls them a duplicate of another row of the file, by its id."""
    by_ref = {piece.ref: piece for piece in pieces}
    found = []
    for piece in pieces:
        text = piece.cells[column]
        if "duplicate" not in text.lower():
            continue
        refs = [prefix + word for word in re.findall(r"\b\d{12}\b", text)]
        older = next((by_ref[r] for r in refs if r in by_ref and r != piece.ref), None)
        if older is not None:
            found.append(Pair(piece, older))
    return found


def recall(measured: Measured, named: Sequence[Pair], *, same_matter: bool) -> Recall:
    """Of all that are named, or only of those of one matter."""
    pairs = [(p.row.ref, p.older.ref) for p in named
             if not same_matter or p.row.words == p.older.words]  # fmt: skip
    linked = sum(measured.together(*pair) for pair in pairs)
    asked = sum(not measured.together(*p) and measured.asked_about(*p) for p in pairs)
    return Recall(len(pairs), linked, linked + asked)
