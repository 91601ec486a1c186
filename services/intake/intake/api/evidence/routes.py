"""All routes of evidence."""

from fastapi import APIRouter

from intake.api.evidence import links, lists, removing, upload

router = APIRouter()
for _each in (upload, lists, links, removing):
    router.include_router(_each.router)
