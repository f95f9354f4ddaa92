"""Every fault is reported where it stands, in words that say how to mend it, and nothing else is."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

FAULTS: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("faults.yaml"))


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["fault"] for fault in FAULTS])
def test_a_fault_is_reported_with_its_file_line_column_and_reason(content, fault):
    if "instead_of" in fault:
        content.replace(fault["file"], fault["instead_of"], fault["stands"])
    else:
        content.write(fault["file"], fault["stands"])

    assert content.faults() == fault["says"]
    assert set(fault["says"]) <= set(content.check())
