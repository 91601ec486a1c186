"""A department's own service, from nothing: contracts, event layer and SDK alone in an empty
environment, the template, its test and the conformance kit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from civicgrid.local.paths import checkout
from civicgrid.new_department import Charter, NewDepartmentError, written

NEEDED = ("contracts", "bus", "sdk")
NOT_NEEDED = {"fastapi", "motor", "pymongo", "uvicorn", "starlette"}


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_new_department_conforms_with_contracts_and_sdk_alone(tmp_path: Path) -> None:
    wheels, venv = tmp_path / "wheels", tmp_path / "venv"
    folders = [str(checkout() / "shared" / name) for name in NEEDED]
    build = ("--no-deps", "--no-build-isolation", "-q", "--wheel-dir", str(wheels))
    _run(sys.executable, "-m", "pip", "wheel", *build, *folders)
    civicgrid = str(Path(sys.executable).with_name("civicgrid"))
    _run(civicgrid, "new-department", "parks", "--matter", "part/greening/*", cwd=tmp_path)

    _run(sys.executable, "-m", "venv", str(venv))
    python, parks = str(venv / "bin" / "python"), tmp_path / "parks"
    _run(python, "-m", "pip", "install", "-q", "--find-links", str(wheels), f"{parks}[test]")
    listed = json.loads(_run(python, "-m", "pip", "list", "--format", "json"))
    names = {each["name"].lower() for each in listed}
    assert {"civicgrid-sdk", "civicgrid-contracts", "parks"} <= names
    assert not names & NOT_NEEDED

    assert "1 passed" in _run(python, "-m", "pytest", cwd=parks)
    said = _run(python, "-m", "department_sdk.conformance", "parks.service:dept", cwd=parks)
    assert "part/greening/x" in said
    assert "conforms" in said


@pytest.mark.parametrize(
    ("name", "matter", "words"),
    [
        ("Parks", "part/*", "no department's id"),
        ("../up", "part/*", "no department's id"),
        ("parks", "part/$x", "no pattern"),
        ("there", "part/*", "is there already"),
    ],
)
def test_what_cannot_be_written_says_why_and_writes_nothing(
    tmp_path: Path, name: str, matter: str, words: str
) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(NewDepartmentError, match=words):
        written(name, [matter], tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


def test_the_charter_holds_what_is_known_of_it(tmp_path: Path) -> None:
    charter = Charter("410199", "园林局", "Parks", "示例 / example")
    written("parks", ["part/green/*", "event/green/*"], tmp_path, charter)
    given = yaml.safe_load((tmp_path / "parks" / "charter.yaml").read_text())
    assert given["department"] == {"department": "parks", "name": {"zh": "园林局", "en": "Parks"}}
    entry = given["charter"]
    assert entry["matters"] == ["part/green/*", "event/green/*"]
    assert (entry["grid"], entry["legal_basis"]) == ("410199", "示例 / example")
    with pytest.raises(NewDepartmentError, match="en: no quotes"):
        written("other", ["part/*"], tmp_path, Charter(en='Parks", x: "'))


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
