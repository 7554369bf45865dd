"""Real data without a download: pictures in Debian's and Python's own packages."""
