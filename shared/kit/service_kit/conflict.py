"""Conflict of interest: neither whom a complaint is about nor those under them may route, handle,
verify, score or see it (domain rule 12)."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.values import About
from service_kit.ties import Ties


@dataclass(frozen=True)
class Conflict:
    """Who is free to have to do with what complains of ``about``, and who is not."""

    about: About | None
    ties: Ties
    at: datetime

    def department_is_free(self, department: str) -> bool:
        """Not the department complained of, and none that the person complained of leads."""
        if self.about is None or self.about.kind == "grid":
            return True
        if self.about.kind == "department":
            return department != self.about.id
        return department not in self.ties.in_charge_of(self.about.id, self.at)

    def person_is_free(self, person: str) -> bool:
        """About a department: nobody whom it has seconded. About a grid: nobody with a post or
        at work in it or below it. About a person: not them, nobody in a grid below one of
        theirs, none of those beside them in the grid that they answer for, and nobody of a
        department that they lead."""
        if self.about is None:
            return True
        free = {"department": self._of_no_department, "grid": self._of_other_ground}
        return free.get(self.about.kind, self._not_under)(self.about.id, person)

    def hides_from(self, person: str, department: str | None) -> bool:
        """Whether it must look to them, who act for that department, as if it did not exist."""
        free = department is None or self.department_is_free(department)
        return not (free and self.person_is_free(person))

    def _of_no_department(self, department: str, person: str) -> bool:
        return department not in self.ties.departments_of(person, self.at)

    def _of_other_ground(self, grid: str, person: str) -> bool:
        return all(grid not in self.ties.within(own) for own in self.ties.ground(person, self.at))

    def _not_under(self, subject: str, person: str) -> bool:
        if person == subject:
            return False
        ties, at = self.ties, self.at
        theirs, answers_for = ties.postings.grids_of(subject, at), ties.answers_for(subject, at)
        beside = (ties.ground(person, at) & answers_for) - ties.answers_for(person, at)
        below = any(theirs & set(ties.paths.get(own, ())) for own in ties.ground(person, at))
        led = ties.departments_of(person, at) & ties.in_charge_of(subject, at)
        return not (beside or below or led)
