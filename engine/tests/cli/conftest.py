"""Let the tests of this folder import `days`, the small day of the format tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "formats"))
