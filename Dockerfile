# One image for every service; the command says which. Built from requirements.lock, run as an ordinary user.
FROM python:3.13-slim-bookworm AS packages
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock .
RUN /app/.venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md ./
COPY orchestration orchestration
COPY scenarios scenarios
COPY api api
COPY dashboard dashboard
RUN /app/.venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index -e .

FROM python:3.13-slim-bookworm
RUN useradd --create-home --uid 10001 aibaas && install -d -o aibaas -g aibaas /data
WORKDIR /app
COPY --from=packages /app /app
COPY dbt_project dbt_project
COPY workspace.yaml dagster.yaml Procfile ./
ENV PATH=/app/.venv/bin:$PATH AIBAAS_HOME=/data PYTHONUNBUFFERED=1
USER aibaas
VOLUME /data
ENTRYPOINT ["python", "-m", "orchestration.cli"]
CMD ["--help"]
