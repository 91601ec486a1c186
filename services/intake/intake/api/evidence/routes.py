"""All routes of evidence."""

from intake.api.evidence import links, lists, removing, upload
from service_kit.http.routes import joined

router = joined(module.router for module in (upload, lists, links, removing))
