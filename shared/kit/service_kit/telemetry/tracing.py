"""Traces that cross the broker: the ``traceparent`` of an event is the parent of its handling.

Where nobody reads spans only ids are made, for commits and logs: recording a span costs as much
as deciding a report.
"""

from contextlib import AbstractContextManager

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("civicgrid")
_ids = RandomIdGenerator()
_recorded = False


def configure(service: str, endpoint: str | None, exporter: SpanExporter | None = None) -> None:
    """Send spans to an OTLP/HTTP endpoint, or to the given exporter; neither: only ids."""
    global _recorded
    if exporter is None and endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    if exporter is None:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    _recorded = True


def parent(traceparent: str | None) -> Context | None:
    return _propagator.extract({"traceparent": traceparent}) if traceparent else None


def span(
    name: str, traceparent: str | None = None, subject: str | None = None
) -> AbstractContextManager[object]:
    """A span under the given parent; attributes carry ids only, never words of people."""
    above = parent(traceparent)
    if not _recorded:
        return _Ids(above)
    attributes = {"case.subject": subject} if subject else {}
    return _tracer.start_as_current_span(name, context=above, attributes=attributes)


class _Ids(AbstractContextManager[None]):
    """What stands for a span that nobody reads: a new id in its trace."""

    def __init__(self, above: Context | None) -> None:
        self._context = _next(above)

    def __enter__(self) -> None:
        self._token = contexts.attach(self._context)

    def __exit__(self, *_: object) -> None:
        contexts.detach(self._token)


def _next(above: Context | None) -> Context:
    """A new id in the trace of the one above, or in a new trace."""
    known = trace.get_current_span(above).get_span_context()
    made = trace.SpanContext(
        trace_id=known.trace_id if known.is_valid else _ids.generate_trace_id(),
        span_id=_ids.generate_span_id(),
        is_remote=False,
        trace_flags=known.trace_flags if known.is_valid else trace.TraceFlags(1),
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(made), above)


def current_traceparent() -> str | None:
    """The W3C ``traceparent`` of the running span, to be put into commits and requests."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")
