# One image for every service:
#   docker build -f deploy/docker/service.Dockerfile --build-arg SERVICE=intake .
# DISTRIBUTION differs from civicgrid-$SERVICE for the command line alone (see `provision`).

FROM python:3.11-slim AS wheels
COPY requirements.lock /build/requirements.lock
# Each file is checked against its hash in the lock, before anything of it is used.
RUN pip wheel --no-cache-dir --require-hashes --no-deps --requirement /build/requirements.lock --wheel-dir /wheels

# What the pages load of others (console alone), checked against package-lock.json.
FROM node:20-slim AS assets
COPY services/console /build/assets
RUN cd /build/assets && npm ci --omit=dev && npm run vendor

FROM python:3.11-slim AS install
ARG SERVICE
ARG DISTRIBUTION=civicgrid-${SERVICE}
COPY --from=wheels /wheels /wheels
COPY shared /build/shared
COPY services /build/services
COPY --from=assets /build/assets/console/vendor /build/services/console/console/vendor
RUN python -m venv /build/tools && /build/tools/bin/pip install --no-index --find-links /wheels hatchling
RUN /build/tools/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /ours /build/shared/* /build/services/*
# Only what DISTRIBUTION needs, and only from the checked files. The venv has no pip of its own.
RUN python -m venv --without-pip /app && pip --python /app/bin/python install --no-index --find-links /wheels --find-links /ours "${DISTRIBUTION}"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin civicgrid
COPY --from=install /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER 10001
EXPOSE 8000
# What runs, its environment and its health check are in docker-compose.yml.
