"""Lays one page out as a tagged PDF file, in a process of its own that ends with it.

WeasyPrint and the fonts it opens take as much memory as the rest of the kit, and a page a second of a processor: a
process that ends gives all of it back, and readers are served meanwhile. This one is run as a file, so that it loads
nothing else of the kit: `{"html": …, "styles": […]}` comes by standard input, the file goes to standard output. It
fetches nothing, from no host and no file, and nothing is written to a disk.
"""

import json
import sys


def main() -> None:
    """One page, from standard input to standard output."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    page = json.load(sys.stdin.buffer)
    fetcher = URLFetcher(allowed_protocols=())
    styles = [CSS(string=text, url_fetcher=fetcher) for text in page["styles"]]
    document = HTML(string=page["html"], url_fetcher=fetcher)
    sys.stdout.buffer.write(document.write_pdf(stylesheets=styles, pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    main()
