"""Versions of the standard over HTTP: as JSON, as YAML and as a workbook; compared, taken away."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from case_contracts.events.registry import StandardPublished
from registry.adapters.xlsx import write_standard
from registry.api.rules.files import XLSX, YAML, yaml_text
from tests.integration.registry.test_loading import Headers, load, subjects
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.registry.small import bundle
from tests.unit.registry.standards import spoiled

BEFORE, NEXT = "2000-01-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00"


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    assert (await load(registry, writer)).status_code == 200
    registry.publisher.envelopes.clear()
    return registry


def second(**changes: Any) -> dict[str, Any]:
    """The loaded standard's second version: the pothole has a day more."""
    value = {**bundle().standard.value, "version": 2, "valid_from": NEXT}
    matter = {**value["matters"][0]}
    matter["conditions"] = [
        {**matter["conditions"][0], "handle": {"amount": 3, "unit": "working_days"}}
    ]
    return {**value, "matters": [matter, value["matters"][1]], **changes}


def workbook(spoil: Callable[[Workbook], None] = lambda _: None) -> bytes:
    return spoiled(spoil, StandardPublished.model_validate(second()))


async def send(
    registry: Twin, headers: Headers, how: str, content: Any, query: str = ""
) -> httpx.Response:
    if how == "json":
        return await registry.http.post(f"/standards{query}", json=content, headers=headers)
    kind = {"content-type": {"yaml": YAML, "xlsx": XLSX}[how]}
    return await registry.http.post(
        f"/standards/{how}{query}", content=content, headers=headers | kind
    )


CONTENT: dict[str, Callable[[], Any]] = {
    "json": second,
    "yaml": lambda: yaml_text(StandardPublished.model_validate(second())).encode(),
    "xlsx": workbook,
}


@pytest.mark.parametrize("how", CONTENT)
async def test_a_version_is_published_once(loaded: Twin, writer: Headers, how: str) -> None:
    dry = (await send(loaded, writer, how, CONTENT[how](), "?dry_run=true")).json()
    assert (dry["published"], dry["dry_run"]) == ({"standard.published.v1": 1}, True)
    assert loaded.publisher.envelopes == []

    answer = await send(loaded, writer, how, CONTENT[how]())
    assert answer.status_code == 200, answer.text
    assert answer.json()["published"] == {"standard.published.v1": 1}
    assert loaded.published(StandardPublished) == [StandardPublished.model_validate(second())]

    again = await send(loaded, writer, how, CONTENT[how]())
    assert again.json()["published"] == {}
    assert len(loaded.published(StandardPublished)) == 1


async def test_in_force_is_the_version_of_that_time(loaded: Twin, writer: Headers) -> None:
    await send(loaded, writer, "json", second())
    for at, version in ((BEFORE, None), ("2026-12-31T00:00:00+08:00", 1), (NEXT, 2)):
        answer = await loaded.http.get("/standards", params={"at": at}, headers=writer)
        assert [row["version"] for row in answer.json()] == ([version] if version else []), at


async def test_the_same_key_makes_it_once(loaded: Twin, writer: Headers) -> None:
    keyed = writer | {"Idempotency-Key": "k"}
    first = await send(loaded, keyed, "xlsx", (data := workbook()))
    assert (await send(loaded, keyed, "xlsx", data)).json() == first.json()
    other = await send(loaded, keyed, "xlsx", data + b" ")
    assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("how", CONTENT)
async def test_a_published_version_never_changes(loaded: Twin, writer: Headers, how: str) -> None:
    first = second(version=1, valid_from="2026-01-01T00:00:00+08:00")
    model = StandardPublished.model_validate(first)
    content = {"json": first, "yaml": yaml_text(model).encode(), "xlsx": write_standard(model)}
    answer = await send(loaded, writer, how, content[how])
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "version_published")
    assert error["origin"]["file"] == {
        "json": "standard", "yaml": "standard.yaml", "xlsx": "Head!B2"
    }[how]  # fmt: skip
    assert loaded.publisher.envelopes == []


@pytest.mark.parametrize(
    ("spoil", "code", "place"),
    [
        (lambda w: w["Conditions"].__setitem__("D2", "Deep Hole"), "field_invalid", "D2"),
        (lambda w: w["Conditions"].__setitem__("H2", -3), "field_invalid", "H2"),
        (lambda w: w["Conditions"].__setitem__("A3", "roads"), "field_invalid", "A3"),
        (lambda w: w["Conditions"].__setitem__("N3", "Photo!"), "evidence_malformed", "D3"),
        (lambda w: w["Conditions"].__setitem__("H2", "=2+1"), "formula", "H2"),
        (lambda w: w["Conditions"].__setitem__("I3", "fortnights"), "unit_unknown", "I3"),
        (lambda w: w["Conditions"].merge_cells("E2:F2"), "merged_cells", "E2"),
        (lambda w: w["Conditions"].delete_cols(14), "column_missing", "O1"),
    ],
)
async def test_a_fault_in_the_workbook_has_its_cell_and_nothing_is_applied(
    loaded: Twin, writer: Headers, spoil: Callable[[Workbook], None], code: str, place: str
) -> None:
    answer = await send(loaded, writer, "xlsx", workbook(spoil))
    assert (answer.status_code, answer.json()["code"]) == (422, "change_invalid")
    found = [(e["code"], e["origin"]["file"]) for e in answer.json()["errors"]]
    assert (code, f"Conditions!{place}") in found, found
    assert all(error["hint"] for error in answer.json()["errors"])
    assert loaded.publisher.envelopes == []


async def test_all_faults_are_told_at_once(loaded: Twin, writer: Headers) -> None:
    def spoil(book: Workbook) -> None:
        sheet = book["Conditions"]
        sheet["H2"], sheet["I2"], sheet["D3"], sheet["B2"] = "=1", "eons", "He Ap", " 坑洞 "

    answer = (await send(loaded, writer, "xlsx", workbook(spoil))).json()
    assert {(e["code"], e["origin"]["file"]) for e in answer["errors"]} == {
        ("formula", "Conditions!H2"),
        ("unit_unknown", "Conditions!I2"),
        ("field_invalid", "Conditions!D3"),
    }
    assert [w["code"] for w in answer["warnings"]] == ["stray_spaces"]


async def test_repairs_are_said_when_it_is_published(loaded: Twin, writer: Headers) -> None:
    def spoil(book: Workbook) -> None:
        book["Conditions"]["H2"] = "３"

    answer = (await send(loaded, writer, "xlsx", workbook(spoil))).json()
    assert [(w["code"], w["origin"]["file"]) for w in answer["warnings"]] == [
        ("number_as_text", "Conditions!H2")
    ]
    [published] = loaded.published(StandardPublished)
    assert published == StandardPublished.model_validate(second())


async def test_yaml_errors_have_their_lines(loaded: Twin, writer: Headers) -> None:
    text = yaml_text(StandardPublished.model_validate(second()))
    lines = text.splitlines()
    line = next(n for n, each in enumerate(lines, 1) if "amount" in each)
    wrong = text.replace("amount: 3.0", "amount: -3.0")
    [error] = (await send(loaded, writer, "yaml", wrong.encode())).json()["errors"]
    assert (error["origin"]["file"], error["origin"]["line"]) == ("standard.yaml", line)
    wrong_texts = {
        b"a: [": "yaml_invalid",
        b"- a": "not_a_mapping",
        b"\xff\xfe": "file_unreadable",
        b"[" * 9999: "yaml_too_much",
    }
    for content, code in wrong_texts.items():
        answer = await send(loaded, writer, "yaml", content)
        assert [e["code"] for e in answer.json()["errors"]] == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"standard": "another"}, "standard_differs"),
        ({"calendar": {"id": "lanhe-work", "version": 9}}, "calendar_differs"),
        ({"matters": [{**second()["matters"][0], "extra": 1}]}, "field_unknown"),
        ({"matters": second()["matters"] + second()["matters"][:1]}, "matter_twice"),
        ({"standard": "another", "valid_from": "2019-01-01T00:00:00Z", "matters":
          [{**second()["matters"][0], "matter_class": "event"}]}, "class_differs"),
    ],
)  # fmt: skip
async def test_a_version_that_does_not_fit_is_refused(
    loaded: Twin, writer: Headers, changes: dict[str, Any], code: str
) -> None:
    answer = await send(loaded, writer, "json", second(**changes))
    assert answer.status_code == 422
    assert code in [e["code"] for e in answer.json()["errors"]], answer.text
    assert loaded.publisher.envelopes == []


@pytest.mark.parametrize("how", ["xlsx", "yaml"])
async def test_what_is_exported_is_imported_as_it_was(
    loaded: Twin, reader: Headers, writer: Headers, how: str
) -> None:
    found = await loaded.http.get(f"/standards/lanhe/export?format={how}", headers=reader)
    assert found.headers["content-disposition"] == (
        f'attachment; filename="standard-lanhe-v1.{how}"'
    )
    answer = await send(loaded, writer, how, found.content)
    assert (answer.status_code, answer.json()["published"]) == (200, {})
    assert answer.json()["warnings"] == []


async def test_two_versions_are_compared(loaded: Twin, reader: Headers, writer: Headers) -> None:
    await send(loaded, writer, "json", second())
    path = "/standards/lanhe/compare?from_version=1&to_version=2"
    found = (await loaded.http.get(path, headers=reader)).json()
    [change] = found["changes"]
    assert (change["before"]["zh"], change["after"]["zh"]) == ("2个工作日", "3个工作日")
    assert "changed from '2 working days' to '3 working days'" in change["words"]["en"]
    assert (await loaded.http.get("/standards/lanhe", headers=reader)).json()["version"] == 2
    old = await loaded.http.get("/standards/lanhe?version=1", headers=reader)
    assert old.json()["version"] == 1
    for wrong in ("from_version=1&to_version=7", "from_version=7&to_version=1"):
        answer = await loaded.http.get(f"/standards/lanhe/compare?{wrong}", headers=reader)
        assert answer.status_code == 404


@pytest.mark.parametrize("scope", ["", "registry.read", "registry.propose", "registry.approve"])
async def test_only_operators_publish(loaded: Twin, issuer: TestIssuer, scope: str) -> None:
    who = issuer.bearer("p-5", scope, "registry", department="roads")
    for how, content in CONTENT.items():
        assert (await send(loaded, who, how, content())).status_code == 403
        assert (await send(loaded, {}, how, content())).status_code == 401
    assert subjects(loaded) == []


async def test_reading_needs_its_scope(loaded: Twin, issuer: TestIssuer) -> None:
    who = issuer.bearer("p-5", "registry.propose", "registry", department="roads")
    for path in ("export", "compare?from_version=1&to_version=1"):
        answer = await loaded.http.get(f"/standards/lanhe/{path}", headers=who)
        assert answer.status_code == 403


async def test_a_file_of_more_than_eight_mebibytes_is_not_read(
    loaded: Twin, writer: Headers
) -> None:
    answer = await send(loaded, writer, "xlsx", bytes(9 * 1024 * 1024))
    assert answer.status_code == 413
