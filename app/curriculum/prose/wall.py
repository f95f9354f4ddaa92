"""The last wall: whatever came before, only these elements and attributes reach a page."""

from functools import cache

import nh3

_SHAPES = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse"}
TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr"),
    *("br", "a", "sup", "div", "section", "aside", "details", "summary", "figure", "figcaption"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("svg", "g", "text", "tspan", "title", "desc", "defs", "marker"),
    *_SHAPES,
}
_DRAWN = {
    *("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height"),
    *("points", "transform", "fill", "stroke", "fill-rule", "stroke-width", "stroke-linecap"),
    *("stroke-linejoin", "marker-start", "marker-mid", "marker-end"),
}
_WRITTEN = {"font-size", "font-weight", "text-anchor", "dominant-baseline"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "a": {"href", "aria-label"},
    "aside": {"role"},
    "ol": {"start"},
    "th": {"scope"},
    "svg": {"viewBox", "role", "aria-labelledby"},
    "g": _DRAWN | _WRITTEN,
    "text": _DRAWN | _WRITTEN,
    "tspan": _DRAWN | _WRITTEN,
    "marker": {"markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient", "viewBox"},
    **dict.fromkeys(_SHAPES, _DRAWN),
}


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_allowed,
        clean_content_tags={"script", "style"},
        link_rel=None,
        url_schemes=set(),
    )


def _allowed(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        inside = value.startswith("#") or (value.startswith("/") and not value.startswith(("//", "/\\")))
        return value if inside else None
    if attribute in ("marker-start", "marker-mid", "marker-end"):
        return value if value.startswith("url(#") else None
    return None if "url(" in value.lower() else value


def clean(html: str) -> str:
    """The HTML less everything that isn't on the lists."""
    return _cleaner().clean(html)
