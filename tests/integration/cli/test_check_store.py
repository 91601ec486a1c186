"""``civicgrid check-store`` against the embedded store."""

import pymongo
import pytest
from typer.testing import CliRunner

from civicgrid.main import app


@pytest.mark.timeout(120)
def test_check_store_tells_each_need_and_leaves_nothing(mongo_url: str) -> None:
    done = CliRunner().invoke(app, ["check-store", mongo_url], terminal_width=200)
    assert done.exit_code == 0, done.output
    assert "once_per_cause_under_races" in done.output
    with pymongo.MongoClient[dict[str, object]](mongo_url) as client:
        left = [name for name in client.list_database_names() if "civicgrid_check" in name]
    assert left == []
