"""Who may call: the dependencies that several groups of routes share."""

from typing import Annotated

from fastapi import Depends

from service_kit.auth import Principal
from service_kit.http.access import needs

READS = ("cases.read", "cases.supervise", "operate")
Reader = Annotated[Principal, Depends(needs(*READS))]
Worker = Annotated[Principal, Depends(needs("cases.verify", "cases.supervise"))]
Supervisor = Annotated[Principal, Depends(needs("cases.supervise"))]
