"""Starting the kit: made from the environment, announced in words, served by waitress."""

import ctypes
import os
import sys
from typing import Any

import waitress
from flask import Flask

from app import create_app
from app.commands.admin import invitation_words, noted_invitation
from app.curriculum import ContentError
from app.curriculum.model import FALLBACK_LANGUAGE
from app.records.cohorts.invitations import invite_first
from app.records.cohorts.roles import has_administrator
from app.records.failures import RecordsFailure
from app.records.hostsecret import HostSecretUnsafe
from app.records.schema import SchemaNewer
from app.web.kit import Kit, kit_of
from app.web.requests import LARGEST, LARGEST_BODY
from config import Config, ConfigError

#: Bytes of a body that are read at all. More than any form may have: up to here the answer is a page of ours, that
#: says in the reader's language what was too large; beyond, the server's own line.
LARGEST_TAKEN = 2 * LARGEST_BODY + max(LARGEST.values())
#: Bytes of an answer that wait in memory for a slow reader; then its thread waits. The server begins a new buffer after
#: `LARGEST_WAITING`, and would write one that is larger than `OVERFLOWING` to a file in the clear.
LARGEST_WAITING, OVERFLOWING = 2 * 1024 * 1024, 16 * 1024 * 1024
#: The C library's number for how many heaps a process may have: see mallopt(3).
_M_ARENA_MAX = -8


def application() -> Flask:
    """The kit, or the end of the process with everything that stands in its way."""
    try:
        app = create_app(Config.from_environment())
    except ConfigError as error:
        reasons = [f"{key} {problem}." for key, problem in error.problems.items()]
    except ContentError as error:
        reasons = [str(problem) for problem in error.problems]
    except HostSecretUnsafe as error:
        reasons = [f"RESGUARDO_RUNTIME_DIR {error}."]
    except SchemaNewer:
        reasons = [
            "The records in the data folder were written by a newer version of the kit. Update this one."
        ]
    except RecordsFailure as error:
        reasons = [
            f"The records can't be used ({type(error).__name__}). Check DATABASE_URL and the data folder."
        ]
    else:
        kit_of(app).search.find("", FALLBACK_LANGUAGE)  # made now: nobody shall wait for it
        return app
    raise _refusal(reasons)


def _refusal(reasons: list[str]) -> SystemExit:
    print("The kit can't start:", *reasons, sep="\n  ", file=sys.stderr)  # noqa: T201 - for whoever starts it
    return SystemExit(2)


def serve() -> None:
    """Serve until interrupted. Bodies stay in memory: waitress would write large ones to a file in the clear."""
    _share_one_heap()
    app = application()
    config = kit_of(app).config
    try:
        server = _server(app, config)
    except OSError as error:
        raise _refusal([f"HOST and PORT can't be served on: {error.strerror}."]) from None
    print(_announcement(config), *_first_invitation(kit_of(app)), sep="\n", flush=True)  # noqa: T201 - likewise
    try:
        server.run()
    finally:
        server.close()


def _share_one_heap() -> None:
    """Let all threads take memory from one place.

    The GNU C library gives each thread a place of its own, and what one thread gave back another can't have: a sixth
    more memory for nothing, as Python runs one thread at a time. Elsewhere nothing is done.
    """
    if "CS_GNU_LIBC_VERSION" in getattr(os, "confstr_names", {}):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _server(app: Flask, config: Config) -> Any:
    return waitress.create_server(
        app,
        host=config.host,
        port=config.port,
        threads=config.threads,
        ident=None,
        max_request_body_size=LARGEST_TAKEN,
        inbuf_overflow=2 * LARGEST_TAKEN,
        outbuf_high_watermark=LARGEST_WAITING,
        outbuf_overflow=OVERFLOWING,
        clear_untrusted_proxy_headers=False,
    )


def _first_invitation(kit: Kit) -> list[str]:
    """On a server that nobody administers yet: the way in, in place of the one that the last start said."""
    if kit.config.transport != "https":
        return []
    with kit.database.asking() as asking:
        if has_administrator(asking):
            return []
    try:
        code = noted_invitation(kit.config, kit.database, invite_first, kit.clock())
    except OSError as error:
        raise _refusal(
            [f"RESGUARDO_DATA_DIR can't keep the end of the log of actions: {error.strerror}."]
        ) from None
    return ["Nobody administers this installation yet.", invitation_words(kit.config, code)]


def _announcement(config: Config) -> str:
    host = f"[{config.host}]" if ":" in config.host else config.host
    records = "PostgreSQL" if not config.database_url.startswith("sqlite") else str(config.data_dir)
    return "\n".join(
        (
            f"{config.site_name} is ready: http://{host}:{config.port}/",
            f"Records are kept in: {records}",
            "To stop it, press Ctrl+C.",
        )
    )
