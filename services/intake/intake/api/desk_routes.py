"""The routes of those who decide: reviewers, first receivers, and whoever makes the rules."""

from intake.api import desk, rules, triage

DESK_ROUTERS = [triage.router, desk.router, rules.router]
