"""How much memory a contender has taken."""

from __future__ import annotations

import re
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak() -> int:
    """Return the most memory that this process has held, in bytes, mapped files included.

    Linux counts from the beginning of the program. What `getrusage` says there is at least what the process had that
    started it.
    """
    if STATUS.exists():
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())[1])
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
