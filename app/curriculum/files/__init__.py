"""The YAML files, read with the place of everything, and validated into values."""
