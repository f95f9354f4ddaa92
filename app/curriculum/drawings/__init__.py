"""SVG drawings: held to a short list, their words put in per language."""
