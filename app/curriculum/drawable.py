"""What a drawing may be made of: the elements, the classes, and what each attribute's value looks like."""

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
