"""The demo's mail server: what it is sent stands in its file, and is counted."""

import json
import os
import smtplib
import sys
from email.message import EmailMessage
from pathlib import Path

import httpx

from civicgrid.local import Service, Supervisor
from tests.support.ports import free_ports


def test_a_mail_is_written_down_and_counted(tmp_path: Path) -> None:
    http, smtp = free_ports(2)
    env = {
        **os.environ,
        "CIVICGRID_HTTP_PORT": str(http),
        "CIVICGRID_SMTP_PORT": str(smtp),
        "CIVICGRID_MAIL_FILE": str(tmp_path / "mails.ndjson"),
    }
    mail = EmailMessage()
    mail["To"], mail["From"], mail["Subject"] = "a@example.org", "b@example.org", "已结案 closed"
    mail["Message-ID"] = "<1@example.org>"
    mail.set_content("您上报的问题已办结。")
    with Supervisor(tmp_path / "run") as supervisor:
        supervisor.start(
            [Service("mail", [sys.executable, "-m", "civicgrid.mail_sink"], env, http)]
        )
        with smtplib.SMTP("127.0.0.1", smtp) as server:
            server.send_message(mail)
        assert httpx.get(f"http://127.0.0.1:{http}/count").json() == {"mails": 1}
    (line,) = (tmp_path / "mails.ndjson").read_text().splitlines()
    written = json.loads(line)
    assert (written["to"], written["subject"]) == (["a@example.org"], "已结案 closed")
    assert written["text"].strip() == "您上报的问题已办结。"
    assert written["id"] == "<1@example.org>"
