"""What servers and the `flask` command ask for.

A server takes `application()`: `gunicorn "wsgi:application()"`. The `flask` command takes
`create_app()`, which carries the commands only, so that they work where the kit could not start.
"""

from flask import Flask

from app.cli import commands


def create_app() -> Flask:
    """The commands, and nothing that could be served."""
    app = Flask("commands", static_folder=None)
    for command in commands():
        app.cli.add_command(command)
    return app


def application() -> Flask:
    """The kit, set up by this process's environment."""
    from app.serving import application as made

    return made()
