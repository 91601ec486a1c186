"""Rules: standards, calendars, what grid workers may be sent, what departments promise."""

from registry.api.rules import admissions, calendars, commitments, proposals, standards, uploads
from service_kit.http.routes import joined

router = joined(
    module.router for module in (uploads, standards, calendars, proposals, admissions, commitments)
)
