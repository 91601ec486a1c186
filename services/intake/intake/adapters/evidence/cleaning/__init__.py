"""Checks and cleans a file that somebody sent.

It runs as a process of its own (``python -m intake.adapters.evidence.cleaning``), without the
vault's keys, with little memory and time: decoders of pictures, films and documents are where
harmful files do their harm.
"""
