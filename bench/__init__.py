"""How fast, how heavy and how sturdy the kit is, measured against floors in one run: `python -m bench`."""
