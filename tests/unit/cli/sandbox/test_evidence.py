"""The sandbox's evidence, asked for by the SDK's own door and by strangers."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from civicgrid.sandbox.desk import SandboxDesk
from civicgrid.sandbox.evidence import DOT
from civicgrid.sandbox.http import create_app
from civicgrid.sandbox.mailbox import Mailbox
from department_sdk.evidence import EvidenceDoor, EvidenceRefused
from tests.support.served import served_here

TOKEN, MATTER = "only-for-tests", "part/utilities/manhole-cover"


async def test_a_photo_is_fetched_and_another_attached_while_the_task_is_ours(
    tmp_path: Path,
) -> None:
    desk, mailbox = SandboxDesk("parks", timedelta(hours=4)), Mailbox()
    await desk.start(mailbox.put)
    task = await desk.new(MATTER)
    (photo,) = task.item.attachments
    (tmp_path / "token").write_text(TOKEN)
    async with served_here(create_app(desk, mailbox, TOKEN)) as url:
        door = EvidenceDoor(url, tmp_path / "token", tries=1)
        assert await door.fetch(photo) == DOT
        done = await door.attach(task.item, b"%PDF-1.7", "after", media_type="application/pdf")
        again = await door.attach(task.item, b"%PDF-1.7", "after", media_type="application/pdf")
        assert done == again
        with pytest.raises(EvidenceRefused) as odd:
            await door.attach(task.item, b"x", "after", media_type="text/plain")
        assert (odd.value.status, odd.value.code) == (415, "unsupported_type")
        async with httpx.AsyncClient(base_url=url) as http:
            path = f"/departments/parks/tasks/{task.item.taskid}/evidence"
            assert (await http.get(path)).status_code == 401
            own = {"Authorization": f"Bearer {TOKEN}"}
            listed = (await http.get(path, headers=own)).json()["attachments"]
            assert [each["evidence"] for each in listed] == [photo.evidence, done]
            keyed = own | {"Idempotency-Key": "k", "Content-Type": "image/png"}
            params = {"phase": "before"}
            first = await http.post(path, params=params, headers=keyed, content=b"1")
            assert first.status_code == 201
            other = await http.post(path, params=params, headers=keyed, content=b"2")
            assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        await desk.take_away(task.item.taskid, "charter_revoked")
        with pytest.raises(EvidenceRefused) as over:
            await door.fetch(photo)
        assert (over.value.status, over.value.code) == (404, "not_found")
