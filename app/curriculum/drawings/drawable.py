"""What a drawing may be made of: the elements, the classes, and what each attribute's value looks like."""

import re

from app.curriculum.prose.targets import did_you_mean

ELEMENTS = {
    *("svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse"),
    *("text", "tspan", "title", "desc", "defs", "marker"),
}
CLASSES = {
    *("ink", "soft", "accent", "alert", "dashed"),
    *("fill-ink", "fill-soft", "fill-accent", "fill-alert", "fill-paper", "fill-wash"),
}
COLUMN = 640
SMALLEST_FONT = 15

_NUMBERS = r"[-+0-9eE.,\s%]+"
_NAME = r"[A-Za-z][\w-]*"
_MARKER = rf"url\(#{_NAME}\)"
#: What each attribute's value looks like.
ATTRIBUTES: dict[str, str] = {
    **dict.fromkeys(
        (
            *("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height"),
            *(
                "points",
                "viewBox",
                "stroke-width",
                "font-size",
                "refX",
                "refY",
                "markerWidth",
                "markerHeight",
            ),
        ),
        _NUMBERS,
    ),
    **dict.fromkeys(("marker-start", "marker-mid", "marker-end"), _MARKER),
    **dict.fromkeys(("fill", "stroke"), "none"),
    "d": r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-.,\s]+",
    "transform": r"((translate|scale|rotate|matrix|skewX|skewY)\([-+0-9eE.,\s]+\)\s*)+",
    "id": _NAME,
    "class": r".*",
    "text-anchor": "start|middle|end",
    "dominant-baseline": "auto|middle|central|hanging",
    "font-weight": r"normal|bold|[1-9]00",
    "fill-rule": "nonzero|evenodd",
    "stroke-linecap": "butt|round|square",
    "stroke-linejoin": "miter|round|bevel",
    "orient": r"auto|auto-start-reverse|-?\d+",
    "markerUnits": "strokeWidth|userSpaceOnUse",
}


def attribute_fault(element: str, name: str, value: str) -> str | None:
    """What is wrong with an attribute of a drawing, in words; None if it may stand."""
    if name not in ATTRIBUTES:
        return f"'{name}' on <{element}> is refused{_instead(name)}"
    if not re.fullmatch(ATTRIBUTES[name], value.strip()):
        return f'{name}="{value[:40]}" on <{element}> is refused{_instead(name)}'
    unknown = sorted(set(value.split()) - CLASSES) if name == "class" else []
    if unknown:
        return f"there is no class '{unknown[0]}' for drawings{did_you_mean(unknown[0], CLASSES)}"
    if name == "font-size" and not _is_large_enough(value):
        return f"font-size {value} is too small to read; use {SMALLEST_FONT} or more"
    return None


def _is_large_enough(value: str) -> bool:
    try:
        return float(value) >= SMALLEST_FONT
    except ValueError:
        return False


def _instead(name: str) -> str:
    if name in ("fill", "stroke", "style", "opacity", "color"):
        return f"; colours are classes: {', '.join(sorted(CLASSES))}"
    return "; docs/authoring.md says what a drawing may have"
