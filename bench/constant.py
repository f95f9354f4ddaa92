"""The floor under pages without a person: a bare Flask view that returns the same bytes.

`python -m bench.constant PORT FOLDER` serves each file of a folder under its name.
"""

import sys
from pathlib import Path

import waitress
from flask import Flask, Response

THREADS = 8


def create_app(folder: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    bodies = {file.name: file.read_bytes() for file in folder.iterdir()}

    @app.get("/<name>")
    def page(name: str) -> Response:
        return Response(bodies[name], content_type="text/html; charset=utf-8")

    return app


if __name__ == "__main__":
    waitress.serve(create_app(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS)
