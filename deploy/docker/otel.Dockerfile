# The collector's image has no shell and no way to ask for its health: one static program is added.
FROM busybox:1.37-musl AS tools
RUN mkdir /traces

FROM otel/opentelemetry-collector:0.130.0
COPY --from=tools /bin/busybox /bin/busybox
# A new volume takes its owner from this folder.
COPY --from=tools --chown=10001:10001 /traces /var/lib/otel
