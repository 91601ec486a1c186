"""A second city, in another language and form, by an onboarding file alone."""

import os
from pathlib import Path

import pytest

from civicgrid.district_dir import read_district
from civicgrid.local.paths import checkout
from civicgrid.onboard import onboard
from civicgrid.onboard.report import OnboardReport
from civicgrid.reports_file import ReportLine, read_reports
from registry.domain.plan import plan
from tests.support.data import require_data

pytestmark = [pytest.mark.timeout(900), pytest.mark.long]
ROWS = 105_339


@pytest.fixture(scope="module")
def tainan(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, OnboardReport]:
    data = require_data("tainan_zh").parent
    out = tmp_path_factory.mktemp("tainan")
    variables = {**os.environ, "CIVICGRID_DATA": str(data)}
    config = checkout() / "deploy" / "onboarding" / "tainan.yaml"
    return out, onboard(config, out, lambda stage, done: None, variables)


def test_every_row_is_taken_or_refused_with_its_reason(tainan: tuple[Path, OnboardReport]) -> None:
    _, report = tainan
    refused = sum(report.refused.values())
    assert report.rows_read == ROWS
    assert report.rows_taken + refused == ROWS
    assert refused == 3


def test_the_registry_takes_the_district(tainan: tuple[Path, OnboardReport]) -> None:
    out, _ = tainan
    planned = plan(read_district(out), {}, "tainan")
    assert planned.errors == []


def test_the_reports_are_read_back(tainan: tuple[Path, OnboardReport]) -> None:
    out, report = tainan
    lines = list(read_reports(out / "reports.ndjson"))
    assert len(lines) == report.rows_taken
    assert all(isinstance(line, ReportLine) for line in lines)
