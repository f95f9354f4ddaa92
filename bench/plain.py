"""The floor under a learner's pages: what a careful programmer writes without thinking about speed.

Flask, Jinja and Flask-Babel render a base layout, thirty translated strings and a body; one session
row and one progress query on SQLite through SQLAlchemy's ORM. Saving is one INSERT and one UPDATE.

`python -m bench.plain PORT DATABASE FOLDER` serves a page as long as each file of a folder, under its name.
"""

import secrets
import sys
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, Response, jsonify, render_template, request
from flask_babel import Babel
from sqlalchemy import ForeignKey, create_engine, event, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from config import CHECKOUT

THREADS = 8
TOKEN = "0123456789abcdef" * 4
#: As many as one of our learners has in a module: its items, its lessons, its completion.
PROGRESS_ROWS = 14


class Base(DeclarativeBase):
    pass


class Learner(Base):
    __tablename__ = "learner"
    id: Mapped[int] = mapped_column(primary_key=True)
    answered: Mapped[int] = mapped_column(default=0)


class SignIn(Base):
    __tablename__ = "sign_in"
    token: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey(Learner.id))


class Progress(Base):
    __tablename__ = "progress"
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey(Learner.id), index=True)
    item: Mapped[str]
    value: Mapped[str]


class Given(Base):
    __tablename__ = "given"
    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str]
    value: Mapped[str]


def create_app(database: Path, folder: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CHECKOUT / "translations")
    Babel(app, locale_selector=lambda: "es")
    opened = _open(database)
    bodies: dict[str, str] = {}

    @app.get("/<name>")
    def page(name: str) -> str:
        with opened() as session:
            who = session.get(SignIn, request.cookies.get("token", ""))
            learner_id = who.learner_id if who else 0
            progress = session.scalars(select(Progress).where(Progress.learner_id == learner_id)).all()
            return render_template("plain.html", body=bodies[name], progress=progress)

    @app.post("/answer")
    def answer() -> Response:
        item, value = next(iter(request.form.items()))
        with opened() as session:
            session.add(Given(item=item, value=value))
            session.execute(update(Learner).where(Learner.id == 1).values(answered=Learner.answered + 1))
            session.commit()
        return jsonify(ok=True)

    bodies |= _bodies(app, folder)
    return app


def _open(database: Path) -> sessionmaker[Session]:
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": 15})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    Base.metadata.create_all(engine)
    opened = sessionmaker(engine)
    with opened() as session:
        session.add_all(Learner(id=number) for number in range(1, 101))
        session.flush()
        session.add(SignIn(token=TOKEN, learner_id=1))
        session.add_all(SignIn(token=secrets.token_hex(32), learner_id=number) for number in range(2, 101))
        session.add_all(
            Progress(learner_id=learner, item=f"item-{item}", value="yes")
            for learner in range(1, 101)
            for item in range(PROGRESS_ROWS)
        )
        session.commit()
    return opened


def _bodies(app: Flask, folder: Path) -> dict[str, str]:
    """For each file, as much of it as makes the whole page as long as the file."""
    with app.test_request_context("/"):
        frame = len(render_template("plain.html", body="", progress=[None] * PROGRESS_ROWS).encode())
    whole = {file.name: file.read_bytes() for file in folder.iterdir()}
    return {name: body[: max(0, len(body) - frame)].decode(errors="ignore") for name, body in whole.items()}


if __name__ == "__main__":
    waitress.serve(
        create_app(Path(sys.argv[2]), Path(sys.argv[3])),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        threads=THREADS,
    )
