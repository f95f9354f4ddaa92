"""Real faults, bounded and counted: whatever was acknowledged must be there afterwards. `python -m bench.faults`."""
