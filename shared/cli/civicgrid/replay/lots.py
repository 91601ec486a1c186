"""Lots: whether somebody does this or that, so that few cases already have their shares."""

from collections import Counter
from collections.abc import Mapping
from random import Random

GOLDEN = 0.6180339887498949


class Lots:
    """For each question the draws are spread evenly, from where the seed says; the same question
    about the same thing is drawn once. ``steady``: instead, the same question about the same report
    is always drawn alike, in whatever order cases come and however often it is asked, in every
    run. What it is about has the case's id in front (``case:<id>:...``)."""

    def __init__(self, seed: int, *, steady: bool = False) -> None:
        self._seed, self._steady = seed, steady
        self._refs: dict[str, str] = {}
        self._drawn: dict[tuple[str, str], float] = {}
        self._count: Counter[str] = Counter()

    def know(self, case: str, ref: str) -> None:
        """From which report a case comes: its id is another in each run."""
        self._refs[case] = ref

    def ref(self, case: str) -> str:
        """The ref of the report that it comes from; of a case that is not known its id."""
        return self._refs.get(case, case)

    def happens(self, question: str, about: str, share: float) -> bool:
        """Whether this is one of the share."""
        return self._draw(question, about) < share

    def which(self, question: str, about: str, shares: Mapping[str, float]) -> str | None:
        """One of those named, by their shares; None for the rest."""
        drawn = self._draw(question, about)
        for name, share in shares.items():
            if drawn < share:
                return name
            drawn -= share
        return None

    def _draw(self, question: str, about: str) -> float:
        if self._steady:
            case = ":".join(about.split(":", 2)[:2])
            return Random(f"{self._seed}:{question}:{self.ref(case)}").random()
        if (question, about) not in self._drawn:
            self._count[question] += 1
            first = Random(f"{self._seed}:{question}").random()
            self._drawn[question, about] = (first + self._count[question] * GOLDEN) % 1
        return self._drawn[question, about]
