"""What the many apps of a test run share, as it follows from the same sources: compiled templates and rules.

A kit compiles its templates as it first shows them, and the code that builds its addresses as it starts: once, where
tests make an app each.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """Compiled templates by name and by what they were compiled from, as long as the process runs."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


def share() -> None:
    """Let every app that is made from now on share them."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}
    compiled: dict[tuple[Any, ...], Callable[..., Any]] = {}
    compile_builder = Rule._compile_builder

    def remembered(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        # What it is made of: a function of the rule's text and its defaults, which a rule binds to itself.
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(self, append_unknown)
        return compiled[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]
