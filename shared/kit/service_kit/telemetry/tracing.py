"""Traces that cross the broker: the ``traceparent`` of an event is the parent of its handling."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("civicgrid")


def configure(service: str, endpoint: str | None, exporter: SpanExporter | None = None) -> None:
    """Send spans to an OTLP/HTTP endpoint, or to the given exporter; neither: only ids."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if exporter is None and endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    if exporter is not None:
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def parent(traceparent: str | None) -> Context | None:
    return _propagator.extract({"traceparent": traceparent}) if traceparent else None


@contextmanager
def span(name: str, traceparent: str | None = None, subject: str | None = None) -> Iterator[None]:
    """A span under the given parent; attributes carry ids only, never words of people."""
    attributes = {"case.subject": subject} if subject else {}
    with _tracer.start_as_current_span(name, context=parent(traceparent), attributes=attributes):
        yield


def current_traceparent() -> str | None:
    """The W3C ``traceparent`` of the running span, to be put into commits and requests."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")
