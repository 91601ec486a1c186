"""Every metric, by its Prometheus name. Label ``service`` throughout."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

COMMANDS = Counter("civicgrid_commands_total", "Commands taken by the committer", ["service"])
BATCH_SECONDS = Histogram(
    "civicgrid_batch_seconds", "One batch of the committer, whole", ["service"], buckets=_SECONDS
)
EVENTS_IN = Counter("civicgrid_events_in_total", "Events taken in", ["service", "type"])
EVENTS_OUT = Counter("civicgrid_events_out_total", "Events handed to the broker", ["service"])
HANDLING_SECONDS = Histogram(
    "civicgrid_handling_seconds",
    "From delivery to acknowledgement",
    ["service", "type"],
    buckets=_SECONDS,
)
OUTBOX_LAG = Gauge("civicgrid_outbox_lag_batches", "Batches not yet confirmed", ["service"])
OUTBOUND_PARKED = Counter(
    "civicgrid_outbound_parked_total", "Events that the broker finally refused", ["service"]
)
HELD_DEPTH = Gauge("civicgrid_held_depth", "Messages held", ["service", "status"])
HELD_AGE = Gauge("civicgrid_held_oldest_seconds", "Age of the oldest held message", ["service"])
RECONCILED = Counter(
    "civicgrid_reconciled_total", "Events found missing by reconciliation", ["service", "owner"]
)
CONSUMERS = Gauge("civicgrid_consumers_healthy", "1 when every queue is consumed", ["service"])
