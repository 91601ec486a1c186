"""Writes JSON Schemas and ``asyncapi.yaml`` from the models; see ``python -m ... --help``."""
