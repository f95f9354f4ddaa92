"""Markdown: judged against what a page may hold, and rendered."""
