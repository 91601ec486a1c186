"""Lines on a problem that has a case already are linked to it, and counted as such."""

import orjson
import pytest

from case_contracts.events.intake import CaseOpened, DuplicateRule, ImportFinished
from tests.integration.intake.imports.conftest import Importer
from tests.support.import_files import good_line
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.twin import Twin, eventually


@pytest.fixture
def duplicates() -> tuple[DuplicateRule, ...]:
    return (DuplicateRule(metres=50, hours=72, link_from=0.5),)


async def test_a_line_on_a_known_problem(intake: Twin, importer: Importer) -> None:
    await importer.done(orjson.dumps(good_line("a", MANHOLE, IN_WEST)))
    await eventually(lambda: intake.published(CaseOpened))

    job = await importer.done(orjson.dumps(good_line("b", MANHOLE, IN_WEST)))

    assert (job["opened"], job["linked"]) == (0, 1)
    await eventually(lambda: len(intake.published(ImportFinished)) == 2)
    assert [each.linked for each in intake.published(ImportFinished)] == [0, 1]
