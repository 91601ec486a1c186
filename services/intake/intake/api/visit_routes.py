"""The routes of visits, check-ins and rounds, and what staff may ask about themselves."""

from intake.api import checkins, me, rounds, visits

VISIT_ROUTERS = (visits.router, checkins.router, rounds.router, me.router)
