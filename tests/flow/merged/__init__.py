"""Intake, dispatch and notification on one bus, for what becomes of merged reports."""
