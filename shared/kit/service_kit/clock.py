"""The only source of time in services; the same clock that departments' SDK reads.

See ``case_contracts.clock`` for the form of ``CIVICGRID_CLOCK``.
"""

from case_contracts.clock import (
    VARIABLE,
    Clock,
    clock,
    now,
    parse_clock,
    real_clock,
    set_clock,
)

__all__ = ["VARIABLE", "Clock", "clock", "now", "parse_clock", "real_clock", "set_clock"]
