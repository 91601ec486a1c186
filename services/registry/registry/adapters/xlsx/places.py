"""Where in a workbook something stands, in the form in which errors carry a place."""

from case_contracts.district import DistrictError, Origin

FILE = "standard.xlsx"


class Places:
    """Gives each cell a number, to be carried like the line of a text file, and back."""

    def __init__(self) -> None:
        self._cells: list[str] = []

    def number(self, cell: str) -> int:
        """``cell`` such as ``Conditions!D14``."""
        self._cells.append(cell)
        return len(self._cells)

    def origin(self, cell: str, parts: dict[str, int]) -> Origin:
        return Origin(file=FILE, line=self.number(cell), parts=parts)

    def shown(self, error: DistrictError) -> DistrictError:
        """With the cell in place of its number."""
        origin = error.origin
        if origin is None or origin.file != FILE or origin.line is None:
            return error
        cell = self._cells[origin.line - 1]
        return error.model_copy(update={"origin": Origin(file=cell)})
