"""The registry lists its departments for whoever connects them."""

from tests.integration.registry.test_loading import Headers, load
from tests.support.twin import Twin


async def test_departments_are_listed_with_their_entries(
    registry: Twin, writer: Headers, reader: Headers
) -> None:
    assert (await registry.http.get("/departments", headers=reader)).json() == []
    assert (await load(registry, writer)).status_code == 200
    rows = (await registry.http.get("/departments", headers=reader)).json()
    assert {row["department"] for row in rows} >= {"roads", "water"}
    roads = next(row for row in rows if row["department"] == "roads")
    assert roads["name"] == {"zh": "道路局", "en": "Roads"}
    assert roads["in_force"] != []
    assert (await registry.http.get("/departments")).status_code == 401


async def test_a_department_is_registered_later_and_called_otherwise(
    registry: Twin, writer: Headers, reader: Headers
) -> None:
    assert (await load(registry, writer)).status_code == 200
    for name in ("Parks", "Parks and Gardens"):
        body = {"department": "parks", "name": {"zh": "园林局", "en": name}}
        done = await registry.http.post("/departments", json=body, headers=writer)
        assert done.json()["published"] == {"department.registered.v1": 1}
        again = await registry.http.post("/departments", json=body, headers=writer)
        assert again.json()["published"] == {}
        rows = (await registry.http.get("/departments", headers=reader)).json()
        (parks,) = [row for row in rows if row["department"] == "parks"]
        assert parks["name"]["en"] == name
    denied = await registry.http.post("/departments", json=body, headers=reader)
    assert denied.status_code == 403
    wrong = {"department": "No Id", "name": body["name"]}
    assert (await registry.http.post("/departments", json=wrong, headers=writer)).status_code == 422
