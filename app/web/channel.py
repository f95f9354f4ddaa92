"""Whether what is sent and shown can be overheard on its way: over HTTPS, or on this machine alone, it can't.

Over plain HTTP on a network only lessons and help are served: a passphrase or an answer would
travel in the clear.
"""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, request
from werkzeug.exceptions import Forbidden

from app.web.hosts import host_name
from app.web.kit import kit
from config import LOOPBACK_NAMES

P = ParamSpec("P")
R = TypeVar("R")


class ChannelNotPrivate(Forbidden):
    """Something private was asked for over a connection that others can read."""


def is_private() -> bool:
    """Whether nobody between the reader and the kit can read this request."""
    if "private_channel" not in g:
        g.private_channel = request.is_secure if kit().config.transport == "https" else _is_this_machine()
    return bool(g.private_channel)


def _is_this_machine() -> bool:
    # The name matters as well as the address: a proxy on this machine connects from loopback too.
    return _is_near(request.remote_addr or "") and host_name(request.host) in LOOPBACK_NAMES


def _is_near(address: str) -> bool:
    if address == "127.0.0.1":
        return True  # nearly every address, and reading one costs more than the rest of this
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def private(view: Callable[P, R]) -> Callable[P, R]:
    """A view that is refused, with the reason, over a connection that others can read."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not is_private():
            raise ChannelNotPrivate
        return view(*args, **kwargs)

    return guarded
