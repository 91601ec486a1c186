"""One trace from the report through the department's work to the notice.

Spans are recorded where the service has configured OpenTelemetry (``opentelemetry-instrument``,
or ``trace.set_tracer_provider``); without that an item's ``traceparent`` is passed on as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()


@contextmanager
def span(name: str, above: str | None, **attributes: str) -> Iterator[str | None]:
    """A span under the item's; gives the ``traceparent`` that commands carry meanwhile.

    Attributes are ids and codes only, never words of people.
    """
    context = _propagator.extract({"traceparent": above}, Context()) if above else Context()
    tracer = trace.get_tracer("civicgrid.department_sdk")
    with tracer.start_as_current_span(name, context=context, attributes=attributes):
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        yield carrier.get("traceparent", above)
