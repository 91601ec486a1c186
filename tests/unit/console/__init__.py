"""Tests of console without I/O."""
