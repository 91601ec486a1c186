"""Prometheus' files, by promtool: they load, they watch everything, the alerts fire and only then.

The alerts' cases are in ``alerts.test.yml``.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from civicgrid.deployment.names import SERVICES
from tests.unit.deploy import compose
from tests.unit.deploy.promtool import find_promtool

FOLDER = compose.ROOT / "deploy" / "prometheus"
CASES = Path(__file__).with_name("alerts.test.yml")

pytestmark = pytest.mark.timeout(500)  # promtool may have to be downloaded


@pytest.fixture(scope="module")
def promtool() -> str:
    return find_promtool()


def check(promtool: str, *arguments: str | Path, cwd: Path) -> str:
    """promtool's output; fails with it when promtool does."""
    command = [promtool, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def config() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    return found


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_configuration_loads(promtool: str, tmp_path: Path) -> None:
    # Paths in it are the container's: the folder is mounted at /etc/prometheus.
    shutil.copytree(FOLDER, tmp_path / "prometheus")
    text = (FOLDER / "prometheus.yml").read_text()
    assert text.count("/etc/prometheus/") == 1
    moved = tmp_path / "prometheus" / "prometheus.yml"
    moved.write_text(text.replace("/etc/prometheus/", f"{tmp_path}/prometheus/"))
    said = check(promtool, "check", "config", "--lint-fatal", moved, cwd=tmp_path)
    assert "1 rule files found" in said


def test_alerts_fire_when_they_should_and_not_before(promtool: str, tmp_path: Path) -> None:
    shutil.copy(FOLDER / "alerts.yml", tmp_path)
    shutil.copy(CASES, tmp_path)
    assert "SUCCESS" in check(promtool, "test", "rules", CASES.name, cwd=tmp_path)


def test_a_rule_that_never_fires_is_noticed(promtool: str, tmp_path: Path) -> None:
    text = (FOLDER / "alerts.yml").read_text()
    assert "civicgrid_consumers_healthy == 0" in text
    (tmp_path / "alerts.yml").write_text(
        text.replace("civicgrid_consumers_healthy == 0", "civicgrid_consumers_healthy == 2")
    )
    shutil.copy(CASES, tmp_path)
    with pytest.raises(AssertionError, match="ConsumersUnhealthy"):
        check(promtool, "test", "rules", CASES.name, cwd=tmp_path)


def test_every_alert_has_a_case_and_says_what_to_do() -> None:
    cases = yaml.safe_load(CASES.read_text())["tests"]
    fired = {
        row["alertname"] for case in cases for row in case["alert_rule_test"] if row["exp_alerts"]
    }
    quiet = {
        row["alertname"]
        for case in cases
        for row in case["alert_rule_test"]
        if not row.get("exp_alerts")
    }
    names = {rule["alert"] for rule in alerts()}
    assert fired == quiet == names
    for rule in alerts():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["action"]
        assert re.search(r"[\u4e00-\u9fff]", rule["annotations"]["summary"])


def test_every_process_is_watched() -> None:
    watched = {
        name
        for job in config()["scrape_configs"]
        for found in job.get("dns_sd_configs", [])
        for name in found["names"]
        if found["port"] == 8000
    }
    assert watched == set(compose.ours(compose.stand_in_environ()))
    (missing,) = [rule["expr"] for rule in alerts() if rule["alert"] == "ServiceMissing"]
    assert set(re.findall(r'absent\(up\{job="([\w-]+)"\}\)', missing)) == {*SERVICES, "console"}


def test_other_targets_are_containers_of_ours() -> None:
    targets = [
        target.split(":")[0]
        for job in config()["scrape_configs"]
        for row in job.get("static_configs", [])
        for target in row["targets"]
    ]
    assert set(targets) <= {*compose.document()["services"], "127.0.0.1"}
    assert "rabbitmq" in targets
