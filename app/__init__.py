"""Resguardo: a digital-safety training kit. `create_app` reads top to bottom like a table of contents."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response

from app.curriculum.model import Curriculum
from app.records import schema
from app.records.database import Database
from app.records.hashing import HashingCost, PassphraseHasher
from app.records.hostsecret import find_host_secret
from app.records.keyring import Keyring
from app.records.sessions import Lifetimes
from app.web import failures, formsession, frames, hosts, i18n, leave, paper, requests, security, statics
from app.web.kit import EXTENSION, Kit
from config import Config

Clock = Callable[[], datetime]


def create_app(config: Config, curriculum: Curriculum | None = None, clock: Clock | None = None) -> Flask:
    """The kit as a WSGI application.

    Reads the curriculum unless one is given, and makes or upgrades the tables. Raises ContentError
    for content that can't be taught, SchemaNewer for records of a newer kit, HostSecretUnsafe for a
    runtime folder that outlives a power-off.
    """
    app = _KitApp(__name__, static_folder=None)
    kit = _put_together(config, curriculum or _read_curriculum(config), clock or _system_clock)
    app.extensions[EXTENSION] = kit
    _configure(app, config)

    hosts.init_app(app)
    requests.init_app(app)
    formsession.init_app(app)
    i18n.init_app(app, kit.curriculum.languages)
    statics.init_app(app)
    frames.init_app(app)
    paper.init_app(app)
    leave.init_app(app)
    security.init_app(app)
    failures.init_app(app)
    _add_places(app)
    app.add_url_rule("/healthz", "healthz", _healthz)

    with app.app_context():
        kit.tidy()
    return app


class _KitApp(Flask):
    """Flask, which would look at every function of every request whether it is asynchronous: none of the kit's is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def _system_clock() -> datetime:
    return datetime.now(UTC)


def _read_curriculum(config: Config) -> Curriculum:
    from app.curriculum import load

    return load(config.content_dir, cache=config.cache)


def _put_together(config: Config, curriculum: Curriculum, clock: Clock) -> Kit:
    database = Database(config.database_url, connections=config.threads + 2)
    schema.prepare(database, config.backups)
    host_secret = config.host_secret or find_host_secret(config.runtime_dir)[0]
    hasher = PassphraseHasher(
        HashingCost(memory_kib=config.hash_memory_mib * 1024), at_once=config.hashes_at_once
    )
    lifetimes = Lifetimes(config.idle_seconds, config.session_seconds, config.guest_seconds)
    keyring = Keyring(database, hasher, host_secret, lifetimes)
    return Kit(config, curriculum, database, keyring, lifetimes, host_secret, clock)


def _configure(app: Flask, config: Config) -> None:
    https = config.transport == "https"
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-fid" if https else "fid",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=requests.LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=requests.LARGEST_BODY,
    )

    if https:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]


def _add_places(app: Flask) -> None:
    from app.web import account, admin, audit, help, incidents, join, learn, search, verify  # noqa: A004 - the place is called help

    for place in (learn, audit, incidents, help, search, verify, account, join, admin):
        app.register_blueprint(place.blueprint)


def _healthz() -> Response:
    """Whether the kit can answer: for whoever watches a server."""
    from app.records import erasure
    from app.web.kit import kit

    erasure.is_pending(kit().database)  # a query; raises a storage failure, which is answered with 503
    return Response("ok\n", content_type="text/plain; charset=utf-8")
