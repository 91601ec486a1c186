"""Every route of intake, in the order in which they are tried."""

from intake.api import (
    batches,
    callbacks,
    checkins,
    desk,
    filed,
    import_files,
    imports,
    links,
    me,
    reports,
    reveal,
    rights,
    rounds,
    rules,
    track,
    triage,
    vault,
    visits,
)
from intake.api.evidence import routes as evidence
from intake.api.open311 import routes as open311

ROUTERS = [
    reports.router,
    # reporters' rights, and who calls them back
    track.router,
    rights.router,
    callbacks.router,
    reveal.router,
    # imports: files before lines, since theirs is the longer path
    import_files.router,
    imports.router,
    batches.router,
    vault.router,
    filed.router,
    # who decides, and who answers first
    triage.router,
    desk.router,
    rules.router,
    evidence.router,
    links.router,
    open311.router,
    # visits, check-ins, rounds, and what staff may ask about themselves
    visits.router,
    checkins.router,
    rounds.router,
    me.router,
]
GUESSABLE = ("/track/", *open311.GUESSABLE)
"""Below these a miss may be a guess: misses are limited by address."""
