# One image for every role: `web`, `worker`, `db migrate`. No compiler, no Node and no test tool is in it.

# The whole locked environment: it brings Node for the front end and knows what the product needs to run.
FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements.lock pyproject.toml ./
RUN awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock > uv.lock.txt \
 && python -m venv .venv \
 && .venv/bin/python -m pip install --quiet --require-hashes -r uv.lock.txt \
 && .venv/bin/uv pip install --python .venv/bin/python --require-hashes -r requirements.lock
ENV PATH=/build/.venv/bin:$PATH

FROM build AS front-end
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund
COPY static static
COPY app/i18n/locale app/i18n/locale
COPY app/taxonomy/data app/taxonomy/data
RUN node static/build/build.mjs

FROM build AS environment
COPY docker/runtime_lock.py docker/runtime_lock.py
RUN .venv/bin/python docker/runtime_lock.py > runtime.lock \
 && python -m venv /opt/pomapa/venv \
 && .venv/bin/uv pip install --python /opt/pomapa/venv/bin/python --require-hashes --compile-bytecode -r runtime.lock

FROM python:3.11-slim-bookworm
# Pango sets the text of municipalities on paper (PDF); nothing else here needs a library of the system.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /opt/pomapa --no-create-home pomapa \
 && install -d -o pomapa -g pomapa /var/lib/pomapa
WORKDIR /opt/pomapa
COPY --from=environment /opt/pomapa/venv venv
COPY alembic.ini LICENSE ./
COPY migrations migrations
COPY geo geo
COPY app app
COPY static static
COPY --from=front-end /build/static/dist static/dist
ENV PATH=/opt/pomapa/venv/bin:$PATH PYTHONSAFEPATH=1 PYTHONPATH=/opt/pomapa PYTHONUNBUFFERED=1 \
    DATA_DIR=/var/lib/pomapa
USER 10001
VOLUME /var/lib/pomapa
EXPOSE 8000
ENTRYPOINT ["python", "-m", "app"]
CMD ["web", "--host", "0.0.0.0"]
