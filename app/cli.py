"""The commands of the kit: `flask content check`, `review`, `stats` and `new-language`.

`python -m app.cli content check` does the same without starting the application, which a fault in the
content would stop.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from app.curriculum import ContentError, Problem, load
from app.curriculum.model import REQUIRED_LANGUAGES


def content_root() -> Path:
    """Where the content lies: RESGUARDO_CONTENT_DIR, or the checkout that this file belongs to."""
    return Path(os.environ.get("RESGUARDO_CONTENT_DIR") or Path(__file__).resolve().parent.parent)


def content_commands() -> click.Group:
    """The commands for people who write content: what they need is the files, and nothing else."""
    group = click.Group("content", help="Check, review and count what the kit teaches.")
    for command in (_check, _review, _stats, _new_language):
        group.add_command(command)
    return group


@click.command("check")
@click.argument("paths", nargs=-1)
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to check expiry by; today if left out."
)
def _check(paths: tuple[str, ...], today: datetime | None) -> None:
    """Report everything that is wrong with the content, each with its file, line and column.

    With PATHS, show only what is wrong there. Without, say as well how far each further language is.
    """
    from app.curriculum.checks.checking import check

    under = tuple(_relative(path) for path in paths) or ("",)
    found = check(content_root(), (today or datetime.now(UTC)).date())
    for language in () if paths else found.languages:
        click.echo(f"For your information. {language.summary} Missing:")
        click.echo("\n".join(f"  {line}" for line in language.by_file))
    _fail([problem for problem in found.problems if problem.path.startswith(under)])
    click.echo("No problems.")


@click.command("new-language")
@click.argument("code")
def _new_language(code: str) -> None:
    """Lay out what a language lacks: each text with its file and line, and each document. Changes nothing.

    CODE is two letters, such as pt, or with a country, such as pt-br.
    """
    from app.curriculum.checks.translating import standing
    from app.curriculum.files.tree import content_files
    from app.curriculum.loading import compile_files
    from app.curriculum.spoken import is_language

    if not is_language(code):
        raise click.UsageError(f"'{code}' is no language code. Write one such as pt, or pt-br.")
    if code in REQUIRED_LANGUAGES:
        raise click.UsageError(f"'{code}' is here already; `flask content check` says what is wrong with it.")
    draft, _ = compile_files(content_files(content_root()))
    found = standing(draft, code)
    for problem in (*found.missing_texts, *found.missing_documents):
        click.echo(str(problem))
    click.echo(found.summary)
    click.echo("How a language is added: docs/languages.md.")


@click.command("review")
@click.argument("paths", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every text there is.")
def _review(paths: tuple[str, ...], everything: bool) -> None:
    """Record that the languages of the texts under PATHS say the same."""
    from app.curriculum.checks.drift import review

    if bool(paths) == everything:
        raise click.UsageError("Say which texts, such as modules/doxxing, or --all.")
    try:
        changes = review(content_root(), None if everything else [_relative(path) for path in paths])
    except ContentError as error:
        _fail(error.problems)
    else:
        click.echo(f"Recorded: {changes} changed." if changes else "Recorded already: nothing changed.")


@click.command("stats")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def _stats(as_json: bool) -> None:
    """Count what there is, by module and language."""
    from app.curriculum import readability
    from app.curriculum.counting import stats

    try:
        rows = stats(load(content_root()))
    except ContentError as error:
        _fail(error.problems)
        return
    if not readability.is_counted():
        click.echo(readability.ADVICE, err=True)
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    columns = [key for key in rows[0] if key != "kinds"] if rows else []
    table = [[column.replace("_", " ") for column in columns]]
    table += [["-" if row[column] is None else str(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[place]) for line in table) for place in range(len(columns))]
    for line in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _relative(path: str) -> str:
    """A path as people type it, relative to the content's root: from there, from here, or in full."""
    root = content_root().resolve()
    here = Path(path).resolve()
    if here.is_relative_to(root) and not (root / path).exists():
        return here.relative_to(root).as_posix()
    return Path(path).as_posix()


def _fail(problems: list[Problem] | tuple[Problem, ...]) -> None:
    """List the problems and end with 1; nothing if there are none."""
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}.", err=True)
        raise click.exceptions.Exit(1)


@click.command("serve")
def _serve() -> None:
    """Serve the kit, as the environment says: see docs/deployment.md."""
    from app.serving import serve

    serve()


def commands() -> tuple[click.Command, ...]:
    """Every command of the kit."""
    from app.commands.actions import action_commands
    from app.commands.admin import admin_commands
    from app.commands.backup import backup_commands
    from app.commands.seed import seed

    return (content_commands(), admin_commands(), action_commands(), *backup_commands(), seed, _serve)


def main() -> click.Group:
    """The commands by themselves: `python -m app.cli …`."""
    group = click.Group("resguardo")
    for command in commands():
        group.add_command(command)
    return group


if __name__ == "__main__":
    main()()
