"""Under which names the kit answers. A page elsewhere could otherwise reach it by a name of its own (DNS rebinding)."""

from flask import Flask, Response, request

from app.web.kit import kit_of

#: Doesn't say what answers here: whoever asks under another name may be a page that looks for the kit.
NOT_THIS_NAME = "Nothing is served under this name.\nNo hay nada con este nombre.\n"


def init_app(app: Flask) -> None:
    """Refuse every other name before anything else is looked at.

    Not left to Flask's TRUSTED_HOSTS: it matches no IPv6 address, and where it refuses, no page can be made.
    """
    names = [host_name(name) for name in kit_of(app).config.trusted_hosts]
    above = tuple(name for name in names if name.startswith("."))
    known = frozenset(names) - frozenset(above)

    def refuse_unknown() -> Response | None:
        name = host_name(request.host)
        if name in known or name.endswith(above):
            return None
        return Response(NOT_THIS_NAME, status=400, content_type="text/plain; charset=utf-8")

    app.before_request(refuse_unknown)


def host_name(host: str) -> str:
    """The name in a `Host` header, without the port; an IPv6 address keeps its brackets."""
    return host if host.endswith("]") else host.rsplit(":", 1)[0]
