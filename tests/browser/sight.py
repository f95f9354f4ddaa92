"""What there is to see."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.visitors import Visitor


@dataclass(frozen=True)
class Sight:
    """One thing that the kit can show: its name, who sees it, and how to get there."""

    name: str
    who: str
    go: Callable[[Visitor], None]
    needs_script: bool = False
    #: Whether pages of its kind are judged by axe elsewhere in the walk: then it is only measured.
    like_others: bool = False
