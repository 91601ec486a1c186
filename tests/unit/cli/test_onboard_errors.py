"""What is wrong with a configuration or a city's files is told with its place and a remedy."""

from pathlib import Path

import pytest

from civicgrid.onboard import OnboardError, onboard
from tests.unit.cli.city import CONFIG, collection, feature, square, write_city


def failing(folder: Path, config: str = CONFIG, variables: dict[str, str] | None = None) -> str:
    path = write_city(folder, config)
    with pytest.raises(OnboardError) as caught:
        onboard(
            path,
            folder / "out",
            variables={"CITY": str(folder)} if variables is None else variables,
        )
    assert not (folder / "out").exists()
    return str(caught.value)


def line_of(config: str, text: str) -> int:
    return config[: config.index(text)].count("\n") + 1


def test_every_wrong_key_is_told_with_its_line(tmp_path: Path) -> None:
    config = CONFIG.replace("zone: Asia/Shanghai\n", "").replace("    ref: 编号", "    reff: 编号")
    config = config.replace("language: zh", "language: fr")
    told = failing(tmp_path, config)
    assert f"city.yaml:{line_of(config, 'language')}: language" in told
    assert f"city.yaml:{line_of(config, '    reff')}: requests.columns.reff" in told
    assert "zone: Field required; add the key" in told
    assert "requests.columns.ref: Field required" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    text: 内容", "    text: 正文", "has no column '正文'; its columns are 编号, 时间"),
        ("towns.geojson", "nowhere.geojson", "grids.levels.0.file: no file"),
        ("{CODE:02}", "{CODES:02}", "wants column 'CODES', which towns.geojson feature 1 lacks"),
        ("{CODE:02}", "x", "has the id 'town-x', which another grid has"),
        ("level: city, role: leader", "level: county, role: leader", "no level 'county'"),
        ("zone: Asia/Shanghai", "zone: Moon/Base", "no time zone 'Moon/Base'"),
        ("1-5 14:00-18:00", "1-5 11:00-18:00", "overlap"),
        ("1-5 14:00-18:00", "Monday", "'Monday' is not a shift"),
        ("'(\\d+)'", "'(\\d+'", "is no regular expression"),
        ("amount: 自然日", "amount: 天", "limits.csv has no column '天'"),
        ("language: zh", "language: zh\nlanguage: en", "key 'language' stands twice"),
        ("language: zh", "language: [zh", "not YAML"),
    ],
)
def test_one_thing_wrong(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in CONFIG
    message = failing(tmp_path, CONFIG.replace(old, new))
    assert told in message
    assert message.startswith("city.yaml:")


def test_a_variable_that_is_not_set(tmp_path: Path) -> None:
    assert "${CITY} is not set; set CITY to the folder" in failing(tmp_path, variables={})


def test_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(OnboardError, match="name a UTF-8 file"):
        onboard(tmp_path / "none.yaml", tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "is no GeoJSON feature collection"),
        (collection(feature({"CODE": 1, "NAME": "x"}, square(300000, 2000000))), "not in degrees"),
        (
            '{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:2326"}}, '
            '"features": []}',
            "towns.geojson is in EPSG:2326; convert the file to WGS-84",
        ),
        (
            '{"type": "FeatureCollection", "features": '
            '[{"properties": {"CODE": 1}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
            "feature 1 is no area",
        ),
        (
            collection(feature({"CODE": 1, "NAME": "x"}, square(110.0, 30.0))),
            "villages.geojson feature 1 has no parent",
        ),
    ],
)
def test_boundaries_that_cannot_be_used(tmp_path: Path, content: str, told: str) -> None:
    path = write_city(tmp_path)
    (tmp_path / "towns.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(OnboardError) as caught:
        onboard(path, tmp_path / "out", variables={"CITY": str(tmp_path)})
    assert told in str(caught.value)


def test_a_requests_file_that_is_not_what_its_name_says(tmp_path: Path) -> None:
    path = write_city(tmp_path)
    (tmp_path / "requests.csv.gz").write_text("not compressed", encoding="utf-8")
    with pytest.raises(OnboardError, match=r"requests\.csv\.gz: Not a gzipped file"):
        onboard(path, tmp_path / "out", variables={"CITY": str(tmp_path)})
