"""What an operator wants of a service's metrics."""

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

WANTED = {
    "civicgrid_outbox_lag_batches": "lag",
    "civicgrid_held_depth": "held",
}


def figures(text: str) -> Mapping[str, float]:
    """Sums over all labels, by our own names; what the service does not measure is left out."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        name = WANTED.get(family.name)
        if name is not None:
            found[name] = sum(sample.value for sample in family.samples)
    return found
