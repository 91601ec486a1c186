"""Rules: standards, calendars, what grid workers may be sent, what departments promise."""

from fastapi import APIRouter

from registry.api.rules import admissions, calendars, commitments, proposals, standards, uploads

router = APIRouter()
for module in (uploads, standards, calendars, proposals, admissions, commitments):
    router.include_router(module.router)
